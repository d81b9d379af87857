import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { resultProblem } from "../../../src/temporal/payload/result-problem.js";
import { WorkflowExecutionStatusSchema } from "../../../src/workflowexecution/v1.js";

describe("resultProblem", () => {
  it("names the field that has no JSON form", () => {
    const status = create(WorkflowExecutionStatusSchema, { output: { ratio: Number.NaN } });
    expect(resultProblem(status)).toBe(
      'the execution completed, but its result has no JSON form: output["ratio"] is no JSON value',
    );
  });

  it("finds none in a status that is only large", () => {
    const output = { text: "x".repeat(5_000_000) };
    expect(resultProblem(create(WorkflowExecutionStatusSchema, { output }))).toBeUndefined();
  });
});
