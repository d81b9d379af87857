import { inspect } from "node:util";
import { ApplicationFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { everything, metaOf } from "./logged.js";

describe("what is logged stays", () => {
  it("an error as one, with its causes", () => {
    const error = new TypeError("no model", { cause: new Error("not found") });
    const shown = metaOf(error) as Error;
    expect(shown).toBeInstanceOf(Error);
    expect(shown).toMatchObject({ name: "TypeError", message: "no model", stack: error.stack });
    expect(shown.cause).toMatchObject({ name: "Error", message: "not found" });
    const failure = ApplicationFailure.nonRetryable("no model", "ExecutionFailed", { phase: 4 });
    expect(metaOf(failure)).toMatchObject({
      name: "ApplicationFailure",
      message: "no model",
      type: "ExecutionFailed",
      nonRetryable: true,
      details: [{ phase: 4 }],
    });
  });

  it("what it was, when it is no plain object", () => {
    const kept = {
      date: new Date(0),
      map: new Map([["a", { b: [1n, undefined, null] }]]),
      set: new Set(["a", 1]),
      array: [Number.NaN, true],
    };
    expect(metaOf(kept)).toEqual(kept);
    expect(metaOf(kept)).not.toBe(kept);
  });

  it("what it says, when that is all there is of it", () => {
    const said = {
      url: new URL("https://example.com/a?b=c"),
      regExp: /a+/g,
      text: new String("a"),
    };
    expect(metaOf(said)).toEqual({ url: "https://example.com/a?b=c", regExp: "/a+/g", text: "a" });
    expect(metaOf({ function: () => "x", symbol: Symbol("a") })).toEqual({
      function: "[function]",
      symbol: "Symbol(a)",
    });
  });

  it("numbers, when there are too few of them for a token", () => {
    expect(metaOf({ few: [1, 2, 3], byIndex: { 0: 1, 1: 2 } })).toEqual({
      few: [1, 2, 3],
      byIndex: { 0: 1, 1: 2 },
    });
    expect(metaOf(Array.from({ length: 20 }, (_, index) => 1_000 + index))).toHaveLength(20);
  });
});

describe("a logger is not disturbed by", () => {
  it("circles, which it says", () => {
    const circle: { self?: unknown; twice: unknown[] } = { twice: [] };
    circle.self = circle;
    const shared = { name: "shared" };
    circle.twice.push(shared, shared);
    expect(metaOf(circle)).toEqual({ self: "[circular]", twice: [shared, shared] });
    const error = new Error("circular");
    error.cause = error;
    expect((metaOf(error) as Error).cause).toBe("[circular]");
  });

  it("what cannot be read", () => {
    const throwing = (): never => {
      throw new Error("not readable");
    };
    const value = {
      get bad() {
        return throwing();
      },
      good: 1n,
      proxy: new Proxy({}, { ownKeys: throwing, getPrototypeOf: throwing }),
      error: Object.defineProperty(new Error("x"), "message", { get: throwing }),
    };
    expect(metaOf(value)).toMatchObject({
      bad: "[unreadable]",
      good: 1n,
      proxy: "[unreadable]",
      error: { message: "[unreadable]" },
    });
  });

  it("depth, nor by many ways to the same object", () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) deep = [deep, deep];
    expect(inspect(metaOf(deep), everything)).toContain("[deeper]");
  });
});
