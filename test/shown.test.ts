import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shown } from "../src/shown.js";

describe("shown", () => {
  it.each([
    ["", '""'],
    ["yesterday", '"yesterday"'],
    ['say "now"\n', '"say \\"now\\"\\n"'],
    ["x".repeat(40), `"${"x".repeat(40)}"`],
    ["x".repeat(41), `"${"x".repeat(40)}…"`],
  ])("quotes %j", (text, quoted) => {
    expect(shown(text)).toBe(quoted);
  });

  it("keeps any text on one line and short", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const quoted = shown(text);
        expect(quoted).not.toMatch(/[\n\r]/);
        // The longest character is an escaped one, \u0000.
        expect(quoted.length).toBeLessThanOrEqual(40 * 6 + 3);
      }),
    );
  });
});
