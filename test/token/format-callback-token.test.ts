import { toJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallbackToken, callbackToken, formatCallbackToken } from "../../src/index.js";
import { carriers, refusal, tokenBytes } from "./fixtures.js";

describe("formatCallbackToken", () => {
  it("writes standard Base64 with padding", () => {
    fc.assert(
      fc.property(tokenBytes, (bytes) => {
        const text = formatCallbackToken(callbackToken(bytes));
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
      }),
    );
  });

  it.each(carriers.filter(({ name }) => name.endsWith("Spec")))(
    "writes what the JSON form of $name holds",
    ({ schema, make }) => {
      fc.assert(
        fc.property(tokenBytes, (bytes) => {
          const json = toJson(schema, make(bytes));
          expect(json).toHaveProperty("callbackToken", formatCallbackToken(callbackToken(bytes)));
        }),
      );
    },
  );

  it.each([
    ["empty", new Uint8Array()],
    ["too-long", new Uint8Array(8193)],
    ["not-bytes", "c2VjcmV0"],
  ])("refuses a token as %s", (code, token) => {
    expect(refusal(() => formatCallbackToken(token as CallbackToken)).code).toBe(code);
  });
});
