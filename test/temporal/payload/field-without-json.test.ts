import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AgentExecutionStatusSchema } from "../../../src/agentexecution/v1.js";
import { schemaOf } from "../../../src/execution/schemas.js";
import { fieldWithoutJson } from "../../../src/temporal/payload/field-without-json.js";
import { jsonBytesOf } from "../../../src/temporal/payload/json-bytes.js";
import { WorkflowExecutionStatusSchema } from "../../../src/workflowexecution/v1.js";
import { arbitraryStatus } from "./arbitrary-status.js";

const workflow = (status: object) => create(WorkflowExecutionStatusSchema, status);
const agent = (status: object) => create(AgentExecutionStatusSchema, status);
const ratios = { ratios: [1, Number.NaN] };

describe("fieldWithoutJson", () => {
  it.each([
    ['output["ratios"][1]', workflow({ output: ratios })],
    ['output["a"]["b"]', workflow({ output: { a: { b: Number.POSITIVE_INFINITY } } })],
    ['tasks[1].metadata["ratios"][1]', workflow({ tasks: [{}, { metadata: ratios }] })],
    ['tool_calls[0].args["ratios"][1]', agent({ toolCalls: [{ args: ratios }] })],
    [
      'messages[0].tool_calls[0].component_metadata.metadata["ratios"][1]',
      agent({ messages: [{ toolCalls: [{ componentMetadata: { metadata: ratios } }] }] }),
    ],
    // Not from the wire, but from a workflow in JavaScript.
    ['output["a"]', workflow({ output: { a: undefined } })],
    ['output["a"][1]', workflow({ output: { a: [1, undefined] } })],
    ['output["a"]', workflow({ output: { a: 1n } })],
    [
      "audit.status_audit.updated_at",
      workflow({ audit: { statusAudit: { updatedAt: { seconds: 2n ** 60n, nanos: 0 } } } }),
    ],
  ])("finds %s", (field, status) => {
    expect(fieldWithoutJson(schemaOf(status), status)).toBe(field);
  });

  it("finds nothing where everything has a JSON form", () => {
    const statusAudit = { updatedAt: timestampFromMs(0) };
    const status = workflow({ output: { ratios: [1, null] }, audit: { statusAudit } });
    expect(fieldWithoutJson(WorkflowExecutionStatusSchema, status)).toBeUndefined();
  });

  it("finds a field in whatever status cannot be written as JSON, and in no other", () => {
    fc.assert(
      fc.property(arbitraryStatus, (status) => {
        const field = fieldWithoutJson(schemaOf(status), status);
        expect(field === undefined).toBe(Number.isFinite(jsonBytesOf(status)));
      }),
    );
  });
});
