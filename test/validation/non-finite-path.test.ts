import type { JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nonFinitePath } from "../../src/validation/non-finite-path.js";

describe("the path of a number that JSON has no form for", () => {
  it.each<[unknown, string]>([
    [Number.NaN, ""],
    [Number.POSITIVE_INFINITY, ""],
    [{ a: Number.NEGATIVE_INFINITY }, '["a"]'],
    [{ ratios: [1, 2, Number.NaN] }, '["ratios"][2]'],
    [[[], [{ 'a "b"': Number.NaN }]], '[1][0]["a \\"b\\""]'],
    [{ "0": Number.NaN }, '["0"]'],
    [{ a: null, b: "NaN", c: { d: Number.NaN }, e: Number.NaN }, '["c"]["d"]'],
  ])("in %j is %s", (value, path) => {
    expect(nonFinitePath(value)).toBe(path);
  });

  it("is none in any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(nonFinitePath(JSON.parse(JSON.stringify(value)))).toBeUndefined();
      }),
    );
    expect(nonFinitePath(undefined)).toBeUndefined();
  });

  it("is found at any depth, and looked for once where a part is shared", () => {
    let deep: unknown = Number.NaN;
    for (let i = 0; i < 100_000; i++) deep = { a: deep };
    expect(nonFinitePath(deep)).toBe('["a"]'.repeat(100_000));
    const circle: Record<string, unknown> = {};
    Object.assign(circle, { a: circle, b: circle, c: Number.NaN });
    expect(nonFinitePath(circle)).toBe('["c"]');
    let shared: unknown = {};
    for (let i = 0; i < 50; i++) shared = { a: shared, b: shared };
    expect(nonFinitePath(shared)).toBeUndefined();
  });

  it("leads to the number, wherever that is", () => {
    const steps = fc.array(fc.oneof(fc.string(), fc.nat({ max: 3 })), { minLength: 1 });
    fc.assert(
      fc.property(steps, (path) => {
        const value = path.reduceRight<JsonValue>((inner, step) => {
          return typeof step === "number"
            ? [...Array(step).fill(0), inner]
            : Object.fromEntries([[step, inner]]);
        }, Number.NaN);
        expect(nonFinitePath(value)).toBe(path.map((step) => `[${JSON.stringify(step)}]`).join(""));
      }),
    );
  });
});
