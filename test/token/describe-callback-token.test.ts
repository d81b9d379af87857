import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallbackToken, callbackToken, describeCallbackToken } from "../../src/index.js";
import { refusal, taskToken, tokenBytes } from "./fixtures.js";

describe("describeCallbackToken", () => {
  it("gives the length and the first 32 bits of the SHA-256", () => {
    fc.assert(
      fc.property(tokenBytes, (bytes) => {
        const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
        expect(describeCallbackToken(callbackToken(bytes))).toBe(
          `${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"}, sha256:${hash}`,
        );
      }),
    );
  });

  it.each([
    [1, "1 byte, sha256:6e340b9c"],
    [2, "2 bytes, sha256:96a296d2"],
    [8192, "8192 bytes, sha256:9f1dcbc3"],
  ])("describes %i zero bytes", (length, text) => {
    expect(describeCallbackToken(callbackToken(new Uint8Array(length)))).toBe(text);
  });

  it("tells two tokens of one namespace apart, which their first characters do not", () => {
    const next = callbackToken(taskToken);
    next[next.length - 1] = 0;
    expect(describeCallbackToken(next)).not.toBe(describeCallbackToken(taskToken));
    expect(describeCallbackToken(callbackToken(taskToken))).toBe(describeCallbackToken(taskToken));
  });

  it.each(["latin1", "base64", "base64url", "hex"] as const)(
    "shows no six characters of the token as %s",
    (form) => {
      const text = Buffer.from(taskToken).toString(form);
      const pieces = Array.from({ length: text.length - 5 }, (_, at) => text.slice(at, at + 6));
      const described = describeCallbackToken(taskToken);
      expect(pieces.filter((piece) => described.includes(piece))).toEqual([]);
    },
  );

  it.each([
    ["empty", new Uint8Array()],
    ["too-long", new Uint8Array(8193)],
    ["not-bytes", "c2VjcmV0"],
  ])("refuses a token as %s", (code, token) => {
    expect(refusal(() => describeCallbackToken(token as CallbackToken)).code).toBe(code);
  });
});
