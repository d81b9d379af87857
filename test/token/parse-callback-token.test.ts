import { fromJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallbackTokenError, parseCallbackToken } from "../../src/index.js";
import { WorkflowExecutionSpecSchema } from "../../src/workflowexecution/v1.js";
import { refusal, tokenBytes } from "./fixtures.js";

const spellings: [string, (bytes: Uint8Array) => string][] = [
  ["standard Base64", (bytes) => Buffer.from(bytes).toString("base64")],
  [
    "standard Base64 without padding",
    (bytes) => Buffer.from(bytes).toString("base64").replaceAll("=", ""),
  ],
  [
    "URL-safe Base64 with padding",
    (bytes) => Buffer.from(bytes).toString("base64").replaceAll("+", "-").replaceAll("/", "_"),
  ],
  ["URL-safe Base64 without padding", (bytes) => Buffer.from(bytes).toString("base64url")],
];

/** Text that is Base64, nearly Base64, or nothing of the kind. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."AZaz09+/-_= \n\u00e9\u{1f600}"), maxLength: 12 }),
  fc
    .tuple(fc.string({ unit: fc.constantFrom(..."ABab01") }), fc.constantFrom("", "=", "==", "==="))
    .map(([digits, padding]) => digits + padding),
  fc
    .tuple(tokenBytes, fc.constantFrom(...spellings), fc.nat(), fc.constantFrom(..."A=-+ \u00e9"))
    .map(([bytes, [, spell], at, char]) => {
      const text = spell(bytes);
      return text.slice(0, at % text.length) + char + text.slice(at % text.length);
    }),
);

/** RFC 4648, sections 4 and 5, with or without padding. */
const base64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$|^(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?$/;

describe("parseCallbackToken", () => {
  it.each(spellings)("reads %s", (_, spell) => {
    fc.assert(
      fc.property(tokenBytes, (bytes) => {
        expect(parseCallbackToken(spell(bytes))).toStrictEqual(bytes);
      }),
    );
  });

  it.each(spellings)("reads 8192 bytes of %s and no more", (_, spell) => {
    const most = new Uint8Array(8192).fill(0xfb);
    expect(parseCallbackToken(spell(most))).toStrictEqual(most);
    expect(refusal(() => parseCallbackToken(spell(new Uint8Array(8193))))).toEqual({
      code: "too-long",
      message: "callback token: expected 1 to 8192 bytes, got 8193",
    });
  });

  it("reads any text as every proto3 JSON reader does, or refuses it without repeating it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let token: Uint8Array;
        try {
          token = parseCallbackToken(text);
        } catch (error) {
          expect(error).toBeInstanceOf(CallbackTokenError);
          const { code, message } = error as CallbackTokenError;
          expect(code).toBe(text === "" ? "empty" : base64.test(text) ? "too-long" : "malformed");
          if (text.length >= 6) expect(message).not.toContain(text);
          return;
        }
        expect(text).toMatch(base64);
        const { callbackToken } = fromJson(WorkflowExecutionSpecSchema, { callbackToken: text });
        expect(token).toStrictEqual(callbackToken);
        expect(token).toStrictEqual(Uint8Array.from(Buffer.from(text, "base64")));
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses empty text", () => {
    expect(refusal(() => parseCallbackToken(""))).toEqual({
      code: "empty",
      message: "callback token: expected 1 to 8192 bytes, got 0",
    });
  });

  it.each([
    ["a space", "c2Vj cmV0", "an unexpected character at position 4"],
    ["a space in front", " c2VjcmV0", "an unexpected character at position 0"],
    ["a line break at the end", "c2VjcmV0\n", "an unexpected character at position 8"],
    ["a line break after padding", "c2VjcmU=\n", "an unexpected character at position 8"],
    ["a byte order mark", "\ufeffc2VjcmV0", "an unexpected character at position 0"],
    ["a mix of the two alphabets", "c2Vj+mV_", "an unexpected character at position 4"],
    ["padding inside", "c2Vjcg==cmV0", "an unexpected character at position 8"],
    ["only padding", "====", "an unexpected character at position 0"],
    ["padding that is not needed", "c2VjcmV0=", "an unexpected character at position 8"],
    ["padding that is too long", "c2VjcmU==", "an unexpected character at position 8"],
    ["padding that is too short", "c2Vjcg=", "an early end at position 7"],
    ["one character too many", "c2VjcmV0c", "an early end at position 9"],
    ["a single character", "c", "an early end at position 1"],
    ["a letter with an accent", "c2V\u00e9cmV0", "an unexpected character at position 3"],
    ["a letter of another script", "c2Vj\u0441mV0", "an unexpected character at position 4"],
    ["an emoji", "c2Vjcm\u{1f600}", "an unexpected character at position 6"],
    ["a data URL", "data:;base64,c2VjcmV0", "an unexpected character at position 4"],
    ["bytes", Uint8Array.of(99, 50, 86, 106), "Uint8Array"],
    ["a string object", Object("c2VjcmV0"), "String"],
    ["null", null, "null"],
    ["nothing", undefined, "undefined"],
    ["a number", 123456, "number"],
  ])("refuses %s and says where or what", (_, text, found) => {
    expect(refusal(() => parseCallbackToken(text as string))).toEqual({
      code: "malformed",
      message: `callback token: expected Base64 text, got ${found}`,
    });
  });

  it("gives the position of a foreign character wherever it stands", () => {
    const foreign = fc.constantFrom(..."*:. \t\n\u0000\u00e9\u{1f600}");
    fc.assert(
      fc.property(tokenBytes, foreign, fc.nat(), (bytes, char, n) => {
        const text = Buffer.from(bytes).toString("base64url");
        const at = n % (text.length + 1);
        const { message } = refusal(() =>
          parseCallbackToken(text.slice(0, at) + char + text.slice(at)),
        );
        expect(message).toMatch(new RegExp(` an unexpected character at position ${at}$`));
      }),
    );
  });

  it.each([
    ["of Base64", "A".repeat(5_000_000), "too-long"],
    ["that goes wrong at the end", `${"A".repeat(5_000_000)}*`, "malformed"],
    ["that mixes alphabets", `${"+/".repeat(2_500_000)}-`, "malformed"],
    ["of padding", `AA${"=".repeat(5_000_000)}`, "malformed"],
    ["of white space", " ".repeat(5_000_000), "malformed"],
  ])("refuses 5 MB %s within a second", (_, text, code) => {
    const start = performance.now();
    expect(refusal(() => parseCallbackToken(text)).code).toBe(code);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
