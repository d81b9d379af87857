import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginningOf, fitText } from "../../../src/temporal/payload/fit-text.js";
import { bytesFor, textBytes } from "../../../src/temporal/payload/payload-limit.js";
import { arbitraryText } from "./arbitrary-status.js";

describe("shorten", () => {
  it("leaves a text that is short enough", () => {
    expect(beginningOf("out of stock", 12)).toBe("out of stock");
  });

  it("says how much of a longer one is left", () => {
    expect(beginningOf("out of stock", 6)).toBe("out of… [cut: 6 of 12 bytes]");
  });

  it("never cuts through a character", () => {
    expect(beginningOf("aäöü", 4)).toBe("aä… [cut: 3 of 7 bytes]");
    expect(beginningOf("😀😀", 7)).toBe("😀… [cut: 4 of 8 bytes]");
  });

  it("leaves nothing but the mark where nothing fits", () => {
    expect(beginningOf("out of stock", 0)).toBe("… [cut: 0 of 12 bytes]");
  });

  it("keeps the first 16 KiB when it is not told how much", () => {
    const text = "x".repeat(20_000);
    expect(beginningOf(text)).toBe(`${text.slice(0, 16_384)}… [cut: 16384 of 20000 bytes]`);
  });
});

describe("fitText", () => {
  it("leaves a text that fits, however long it is", () => {
    const text = "x".repeat(2_000_000);
    expect(fitText(text, 2 * 1024 * 1024)).toBe(text);
  });

  it("keeps 16 KiB of one that does not", () => {
    const text = "x".repeat(3_000_000);
    expect(fitText(text, 2 * 1024 * 1024)).toBe(beginningOf(text, 16_384));
  });

  it("always fits, with what else there is, and is whole or the beginning", () => {
    fc.assert(
      fc.property(
        arbitraryText,
        fc.integer({ min: 4_096, max: 100_000 }),
        fc.nat(1_024),
        (text, limit, otherBytes) => {
          const fitted = fitText(text, limit, otherBytes);
          const bytes = textBytes(JSON.stringify(fitted));
          expect(bytes + otherBytes).toBeLessThanOrEqual(bytesFor(limit));
          if (fitted === text) return;
          expect(textBytes(JSON.stringify(text)) + otherBytes).toBeGreaterThan(bytesFor(limit));
          expect(text.startsWith(fitted.replace(/… \[cut: \d+ of \d+ bytes\]$/, ""))).toBe(true);
        },
      ),
    );
  });
});
