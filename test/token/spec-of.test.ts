import { create } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { AgentExecutionStatusSchema } from "../../src/agentexecution/v1.js";
import {
  clearCallbackToken,
  getCallbackToken,
  hasCallbackToken,
  setCallbackToken,
} from "../../src/index.js";
import { WorkflowExecutionStatusSchema } from "../../src/workflowexecution/v1.js";
import { refusal, type Target, taskToken } from "./fixtures.js";

describe.each([
  ["getCallbackToken", getCallbackToken],
  ["hasCallbackToken", hasCallbackToken],
  ["setCallbackToken", (target: Target) => setCallbackToken(target, taskToken)],
  ["clearCallbackToken", clearCallbackToken],
])("%s", (_, call) => {
  it.each([
    [
      create(WorkflowExecutionStatusSchema),
      "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionStatus",
    ],
    [
      create(AgentExecutionStatusSchema),
      "ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus",
    ],
    [create(StructSchema), "google.protobuf.Struct"],
    [{ callbackToken: taskToken }, "a plain object"],
    [{ spec: { callbackToken: taskToken } }, "a plain object"],
    [Object.create(null), "a plain object"],
    [new Map(), "Map"],
    [[], "Array"],
    [null, "null"],
    [undefined, "undefined"],
    ["wex-1", "string"],
  ])("refuses another target and names what came (%#)", (target, came) => {
    expect(refusal(() => call(target as Target))).toEqual({
      code: "wrong-message",
      message: `expected a WorkflowExecution, an AgentExecution or the spec of one, got ${came}`,
    });
  });
});
