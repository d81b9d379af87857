import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallbackToken, CallbackTokenError, callbackToken } from "../../../src/index.js";
import {
  decodeTemporalWorkflowInput,
  encodeTemporalWorkflowInput,
  type TemporalWorkflowInput,
  type WorkflowInput,
} from "../../../src/temporal/workflow/index.js";

const object = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => JSON.parse(JSON.stringify(value)));
const token: fc.Arbitrary<CallbackToken> = fc
  .uint8Array({ minLength: 1, maxLength: 300 })
  .map((bytes) => callbackToken(bytes));
const inputs: fc.Arbitrary<WorkflowInput> = fc.record({
  executionId: fc.string(),
  workflowYaml: fc.string(),
  metadata: fc.option(object, { nil: undefined }),
  initialData: fc.option(object, { nil: undefined }),
  envVars: fc.option(object, { nil: undefined }),
  orgId: fc.string(),
  callbackToken: fc.option(token, { nil: undefined }),
});

// What Go's encoding/json writes for the worker's struct, one with all fields and one with none.
const fromGo = `{"WorkflowExecutionID":"wex-1","WorkflowYaml":"document:\\n","Metadata":{"a":[1]},"InitialData":{"b":null},"EnvVars":{"STOCK_URL":"http://stock"},"OrgId":"shop","CallbackToken":"AQL/+g=="}`;
const zeroFromGo = `{"WorkflowExecutionID":"","WorkflowYaml":"","Metadata":null,"InitialData":null,"EnvVars":null,"OrgId":"","CallbackToken":null}`;

describe("TemporalWorkflowInput", () => {
  it("is read as Go writes it", () => {
    expect(decodeTemporalWorkflowInput(JSON.parse(fromGo))).toEqual({
      executionId: "wex-1",
      workflowYaml: "document:\n",
      metadata: { a: [1] },
      initialData: { b: null },
      envVars: { STOCK_URL: "http://stock" },
      orgId: "shop",
      callbackToken: Uint8Array.of(1, 2, 255, 250),
    });
    const zero = { executionId: "", workflowYaml: "", orgId: "" };
    expect(decodeTemporalWorkflowInput(JSON.parse(zeroFromGo))).toEqual(zero);
    expect(decodeTemporalWorkflowInput({} as TemporalWorkflowInput)).toEqual(zero);
  });

  it("is written with the keys of Go's struct, and as Go writes it", () => {
    for (const text of [fromGo, zeroFromGo]) {
      const input = decodeTemporalWorkflowInput(JSON.parse(text));
      expect(JSON.stringify(encodeTemporalWorkflowInput(input))).toBe(text);
    }
  });

  it("survives JSON", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const json = JSON.parse(JSON.stringify(encodeTemporalWorkflowInput(input)));
        expect(decodeTemporalWorkflowInput(json)).toEqual(input);
      }),
    );
  });

  it("has no token when it is empty, as Go writes an empty slice", () => {
    const json = { ...JSON.parse(zeroFromGo), CallbackToken: "" };
    expect(decodeTemporalWorkflowInput(json).callbackToken).toBeUndefined();
  });

  it.each([
    [null, "TemporalWorkflowInput: expected an object, got null"],
    ["wex-1", "TemporalWorkflowInput: expected an object, got string"],
    [{ WorkflowExecutionID: 7 }, "WorkflowExecutionID: expected string or null, got number"],
    [{ EnvVars: ["a"] }, "EnvVars: expected object or null, got array"],
    [{ CallbackToken: { 0: 1 } }, "CallbackToken: expected string or null, got object"],
  ])("refuses %j", (json, message) => {
    expect(() => decodeTemporalWorkflowInput(json as never)).toThrow(new TypeError(message));
  });

  it("refuses a token that is not Base64, and does not show it", () => {
    const json = { CallbackToken: "no Base64: sesame" } as TemporalWorkflowInput;
    expect(() => decodeTemporalWorkflowInput(json)).toThrow(CallbackTokenError);
    expect(() => decodeTemporalWorkflowInput(json)).not.toThrow(/sesame/);
  });
});
