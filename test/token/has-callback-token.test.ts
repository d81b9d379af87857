import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { hasCallbackToken } from "../../src/index.js";
import { carriers, executions, type Target, taskToken } from "./fixtures.js";

describe.each(carriers)("hasCallbackToken of $name", ({ make }) => {
  it("is true when an activity waits", () => {
    expect(hasCallbackToken(make(taskToken))).toBe(true);
  });

  it("is false when nobody waits", () => {
    expect(hasCallbackToken(make())).toBe(false);
  });
});

describe.each(executions)("hasCallbackToken of $name", ({ schema }) => {
  it("is false without a spec", () => {
    expect(hasCallbackToken(create(schema) as Target)).toBe(false);
  });
});
