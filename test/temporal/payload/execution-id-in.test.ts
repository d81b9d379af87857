import type { JsonValue } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { executionIdIn } from "../../../src/temporal/payload/execution-id-in.js";

describe("the execution that a result is of", () => {
  it.each<[string, JsonValue, string | undefined]>([
    ["a whole workflow execution", { metadata: { id: "wex-1" }, spec: {} }, "wex-1"],
    ["a whole agent execution", { metadata: { id: "aex_1" } }, "aex_1"],
    ["a workflow's output", { Result: {}, ExecutionID: "wex-1" }, "wex-1"],
    ["a thing of another kind", { metadata: { id: "ses-1" } }, undefined],
    ["an output of no execution", { ExecutionID: "" }, undefined],
    ["an id that is a number", { ExecutionID: 7 }, undefined],
    ["metadata without an id", { metadata: {} }, undefined],
    ["a list", [{ metadata: { id: "wex-1" } }], undefined],
    ["a text", "wex-1", undefined],
    ["nothing", null, undefined],
  ])("is found by the id that it names, in %s", (_, result, id) => {
    expect(executionIdIn(result)).toBe(id);
  });

  it("is none in a result that was left out", () => {
    expect(executionIdIn(undefined as unknown as JsonValue)).toBeUndefined();
  });
});
