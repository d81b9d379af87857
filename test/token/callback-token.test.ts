import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callbackToken } from "../../src/index.js";
import { refusal, tokenBytes } from "./fixtures.js";

const secret = "c2VjcmV0IHRva2Vu";

describe("callbackToken", () => {
  it.each([1, 8192])("accepts %i bytes", (length) => {
    const bytes = new Uint8Array(length).fill(7);
    expect(callbackToken(bytes)).toStrictEqual(bytes);
  });

  it("keeps the bytes as they are", () => {
    fc.assert(
      fc.property(tokenBytes, (bytes) => {
        expect(callbackToken(bytes)).toStrictEqual(bytes);
      }),
    );
  });

  it.each([
    ["no bytes", new Uint8Array(), "empty", "expected 1 to 8192 bytes, got 0"],
    ["too many bytes", new Uint8Array(8193), "too-long", "expected 1 to 8192 bytes, got 8193"],
    ["a string", secret, "not-bytes", "expected a Uint8Array, got string"],
    ["null", null, "not-bytes", "expected a Uint8Array, got null"],
    ["nothing", undefined, "not-bytes", "expected a Uint8Array, got undefined"],
    ["an array", [115, 51, 99], "not-bytes", "expected a Uint8Array, got Array"],
    ["an ArrayBuffer", new ArrayBuffer(3), "not-bytes", "expected a Uint8Array, got ArrayBuffer"],
    [
      "a DataView",
      new DataView(new ArrayBuffer(3)),
      "not-bytes",
      "expected a Uint8Array, got DataView",
    ],
    ["wider elements", new Uint16Array(3), "not-bytes", "expected a Uint8Array, got Uint16Array"],
    [
      "an object with a length",
      { length: 3, 0: secret },
      "not-bytes",
      "expected a Uint8Array, got a plain object",
    ],
    [
      "an object tagged as bytes",
      { length: 3, [Symbol.toStringTag]: "Uint8Array" },
      "not-bytes",
      "expected a Uint8Array, got a plain object",
    ],
  ])("refuses %s and says what came, not its content", (_, value, code, message) => {
    expect(refusal(() => callbackToken(value as Uint8Array))).toEqual({
      code,
      message: `callback token: ${message}`,
    });
  });

  it("is not changed by a later change of the input", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const token = callbackToken(bytes);
    bytes.fill(9);
    expect(token).toStrictEqual(Uint8Array.of(1, 2, 3));
  });

  it("makes a plain Uint8Array of its own out of a Buffer", () => {
    const buffer = Buffer.from([1, 2, 3]);
    const token = callbackToken(buffer);
    buffer.fill(9);
    expect(token).toStrictEqual(Uint8Array.of(1, 2, 3));
    expect(token.buffer.byteLength).toBe(3);
  });

  it("accepts bytes of another realm, such as a workflow sandbox", () => {
    const foreign = runInNewContext("Uint8Array.of(1, 2, 3)");
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    expect(callbackToken(foreign)).toStrictEqual(Uint8Array.of(1, 2, 3));
  });
});
