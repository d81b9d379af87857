import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeTemporalWorkflowOutput,
  encodeTemporalWorkflowOutput,
  type TemporalWorkflowOutput,
  type WorkflowOutput,
} from "../../../src/temporal/workflow/index.js";

const json = fc
  .jsonValue()
  .filter((value) => value !== null)
  .map((value) => JSON.parse(JSON.stringify(value)));
const object = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => JSON.parse(JSON.stringify(value)));
const outputs: fc.Arbitrary<WorkflowOutput> = fc.record({
  result: fc.option(json, { nil: undefined }),
  finalState: fc.option(object, { nil: undefined }),
  workflowName: fc.string(),
  executionId: fc.string(),
  executionTime: fc.option(json, { nil: undefined }),
});

// What Go's encoding/json writes for the worker's struct, one with all fields and one with none.
const fromGo = `{"Result":[1,{"a":null}],"FinalState":{"b":false},"WorkflowName":"nightly-report","ExecutionID":"wex-1","ExecutionTime":1500000000}`;
const zeroFromGo = `{"Result":null,"FinalState":null,"WorkflowName":"","ExecutionID":"","ExecutionTime":null}`;

describe("TemporalWorkflowOutput", () => {
  it("is read as Go writes it", () => {
    expect(decodeTemporalWorkflowOutput(JSON.parse(fromGo))).toEqual({
      result: [1, { a: null }],
      finalState: { b: false },
      workflowName: "nightly-report",
      executionId: "wex-1",
      executionTime: 1_500_000_000,
    });
    const zero = { workflowName: "", executionId: "" };
    expect(decodeTemporalWorkflowOutput(JSON.parse(zeroFromGo))).toEqual(zero);
    expect(decodeTemporalWorkflowOutput({} as TemporalWorkflowOutput)).toEqual(zero);
  });

  it("is written with the keys of Go's struct, and as Go writes it", () => {
    for (const text of [fromGo, zeroFromGo]) {
      const output = decodeTemporalWorkflowOutput(JSON.parse(text));
      expect(JSON.stringify(encodeTemporalWorkflowOutput(output))).toBe(text);
    }
  });

  it("keeps a result that is empty, but not null", () => {
    for (const result of [0, false, "", [], {}]) {
      const output = { result, workflowName: "", executionId: "", executionTime: result };
      expect(encodeTemporalWorkflowOutput(output)).toMatchObject({
        Result: result,
        ExecutionTime: result,
      });
      expect(decodeTemporalWorkflowOutput(encodeTemporalWorkflowOutput(output))).toEqual(output);
    }
  });

  it("survives JSON", () => {
    fc.assert(
      fc.property(outputs, (output) => {
        const json = JSON.parse(JSON.stringify(encodeTemporalWorkflowOutput(output)));
        expect(decodeTemporalWorkflowOutput(json)).toEqual(output);
      }),
    );
  });

  it.each([
    [null, "TemporalWorkflowOutput: expected an object, got null"],
    [undefined, "TemporalWorkflowOutput: expected an object, got undefined"],
    ["wex-1", "TemporalWorkflowOutput: expected an object, got string"],
    [{ ExecutionID: 7 }, "ExecutionID: expected string or null, got number"],
    [{ WorkflowName: {} }, "WorkflowName: expected string or null, got object"],
    [{ FinalState: ["a"] }, "FinalState: expected object or null, got array"],
  ])("refuses %j", (json, message) => {
    expect(() => decodeTemporalWorkflowOutput(json as never)).toThrow(new TypeError(message));
  });
});
