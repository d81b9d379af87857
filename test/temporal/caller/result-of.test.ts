import { create } from "@bufbuild/protobuf";
import { ApplicationFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import {
  AgentExecutionStatusSchema,
  ExecutionPhase as AgentPhase,
  MessageType,
} from "../../../src/agentexecution/v1.js";
import type { ExecutionStatus } from "../../../src/execution/execution.js";
import { resultOf } from "../../../src/temporal/caller/result-of.js";
import { cutFieldsOf } from "../../../src/temporal/payload/fit-status.js";
import { jsonBytesOf } from "../../../src/temporal/payload/json-bytes.js";
import { defaultPayloadLimit } from "../../../src/temporal/payload/payload-limit.js";
import { WorkflowExecutionStatusSchema } from "../../../src/workflowexecution/v1.js";
import {
  EXECUTION_CANCELLED,
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
} from "../../testing/fixtures.js";

function failureOf(status: ExecutionStatus, payloadLimit = defaultPayloadLimit) {
  try {
    resultOf(status, payloadLimit);
  } catch (error) {
    if (error instanceof ApplicationFailure) return error;
    throw error;
  }
  return expect.fail("expected a failure, got a result");
}

describe("the result of an activity", () => {
  it("is the status that is COMPLETED, as it is", () => {
    const workflow = create(WorkflowExecutionStatusSchema, {
      phase: EXECUTION_COMPLETED,
      output: { n: 1 },
    });
    expect(resultOf(workflow, defaultPayloadLimit)).toBe(workflow);
    const agent = create(AgentExecutionStatusSchema, { phase: AgentPhase.EXECUTION_COMPLETED });
    expect(resultOf(agent, defaultPayloadLimit)).toBe(agent);
  });

  it("is cut when it is larger than the server takes, and still COMPLETED", () => {
    const status = create(WorkflowExecutionStatusSchema, {
      phase: EXECUTION_COMPLETED,
      output: { n: 1 },
      tasks: [{ taskId: "t1", output: { text: "x".repeat(200_000) } }],
    });
    const result = resultOf(status, 100_000);
    expect(result).toMatchObject({ phase: EXECUTION_COMPLETED, output: { n: 1 } });
    expect(jsonBytesOf(result)).toBeLessThan(100_000);
    expect(cutFieldsOf(result)).toEqual(["tasks.input, tasks.output, tasks.metadata"]);
    expect(cutFieldsOf(status)).toEqual([]);
  });

  it.each([
    [EXECUTION_FAILED, "ExecutionFailed"],
    [EXECUTION_CANCELLED, "ExecutionCancelled"],
  ])("in phase %i is a failure of type %s, with the status as its detail", (phase, type) => {
    const status = create(WorkflowExecutionStatusSchema, { phase, error: "out of stock" });
    const failure = failureOf(status);
    expect(failure).toMatchObject({ type, message: "out of stock", nonRetryable: true });
    expect(failure.details).toEqual([create(WorkflowExecutionStatusSchema, { phase })]);
  });

  it("says why an agent has failed, which only its messages do", () => {
    const status = create(AgentExecutionStatusSchema, {
      phase: AgentPhase.EXECUTION_FAILED,
      messages: [{ type: MessageType.MESSAGE_SYSTEM, content: "no such model" }],
    });
    expect(failureOf(status).message).toBe("no such model");
  });

  it("of a COMPLETED status without a JSON form is a failure that names the field", () => {
    const status = create(WorkflowExecutionStatusSchema, {
      phase: EXECUTION_COMPLETED,
      output: { ratios: [1, Number.NaN] },
    });
    const failure = failureOf(status);
    expect(failure).toMatchObject({ type: "ExecutionResultInvalid", nonRetryable: true });
    expect(failure.message).toContain('output["ratios"][1]');
  });

  it("of a failure is no larger than the server takes", () => {
    const status = create(WorkflowExecutionStatusSchema, {
      phase: EXECUTION_FAILED,
      error: "e".repeat(200_000),
      output: { text: "x".repeat(200_000) },
    });
    const failure = failureOf(status, 100_000);
    expect(failure.message.length + jsonBytesOf(failure.details?.[0] as never)).toBeLessThan(
      100_000,
    );
    expect(failure.message).toContain("eee");
  });
});
