import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxCallbackTokenBytes } from "../../../src/execution/kinds.js";
import {
  bytesFor,
  defaultPayloadLimit,
  textBytes,
} from "../../../src/temporal/payload/payload-limit.js";

describe("the bytes that a message may take of a payload", () => {
  it("leave room for a token and more, at the limit of a server and at the least of any", () => {
    for (const limit of [defaultPayloadLimit, 64 * 1024]) {
      expect(limit - bytesFor(limit)).toBeGreaterThan(maxCallbackTokenBytes);
      expect(bytesFor(limit)).toBeGreaterThan(limit / 2);
    }
  });

  it("are some, and fewer than the limit, whatever that is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 31 }), (limit) => {
        const bytes = bytesFor(limit);
        expect(Number.isInteger(bytes)).toBe(true);
        expect(bytes).toBeGreaterThan(0);
        expect(bytes).toBeLessThan(limit);
      }),
    );
  });

  it("are no fewer when the limit is higher", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (limit, more) => {
        expect(bytesFor(limit + more)).toBeGreaterThanOrEqual(bytesFor(limit));
      }),
    );
  });
});

it("the bytes of a text are those that it has in UTF-8", () => {
  for (const text of ["", "plain", "ä", "☃", "😀", "a\u0000b"]) {
    expect(textBytes(text)).toBe(Buffer.byteLength(text));
  }
});
