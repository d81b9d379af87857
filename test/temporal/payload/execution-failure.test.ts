import { create } from "@bufbuild/protobuf";
import { type ApplicationFailure, defaultFailureConverter } from "@temporalio/common";
import { temporal } from "@temporalio/proto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AgentExecutionStatusSchema, MessageType } from "../../../src/agentexecution/v1.js";
import {
  type ExecutionFailureType,
  executionFailure,
} from "../../../src/temporal/payload/execution-failure.js";
import { cutFieldsOf } from "../../../src/temporal/payload/fit-status.js";
import { defaultPayloadLimit, textBytes } from "../../../src/temporal/payload/payload-limit.js";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import {
  ExecutionPhase,
  WorkflowExecutionStatusSchema,
  WorkflowTaskStatus,
} from "../../../src/workflowexecution/v1.js";
import { arbitraryStatus, arbitraryText } from "./arbitrary-status.js";

const { Failure } = temporal.api.failure.v1;
const payloadLimit = defaultPayloadLimit;

/** The failure as it is sent. */
function encoded(failure: ApplicationFailure): Uint8Array {
  const proto = defaultFailureConverter.errorToFailure(failure, payloadConverter);
  return Failure.encode(Failure.create(proto)).finish();
}

function failedWith(error: string) {
  return create(WorkflowExecutionStatusSchema, { phase: ExecutionPhase.EXECUTION_FAILED, error });
}

const count = (bytes: Uint8Array, text: string) =>
  new TextDecoder().decode(bytes).split(text).length - 1;

describe("executionFailure", () => {
  it("has the text of the status as its message, and nowhere else", () => {
    const failure = executionFailure("ExecutionFailed", failedWith("out of stock"), {
      payloadLimit,
    });
    expect(failure).toMatchObject({
      type: "ExecutionFailed",
      message: "out of stock",
      nonRetryable: true,
      details: [{ phase: ExecutionPhase.EXECUTION_FAILED, error: "" }],
    });
    // The SDK sends the stack too, and a stack begins with the message.
    expect(count(encoded(failure), "out of stock")).toBe(1);
  });

  it("has it once, too, where the failed tasks or the system's messages say why", () => {
    const { WORKFLOW_TASK_FAILED, WORKFLOW_TASK_COMPLETED } = WorkflowTaskStatus;
    const tasks = create(WorkflowExecutionStatusSchema, {
      tasks: [
        { taskId: "1", status: WORKFLOW_TASK_FAILED, error: "out of stock" },
        { taskId: "2", status: WORKFLOW_TASK_FAILED, error: "out of time" },
        { taskId: "3", status: WORKFLOW_TASK_COMPLETED, error: "slow" },
      ],
    });
    const messages = create(AgentExecutionStatusSchema, {
      messages: [
        { type: MessageType.MESSAGE_SYSTEM, content: "out of stock" },
        { type: MessageType.MESSAGE_AI, content: "Let me see." },
      ],
    });
    const [ofTasks, ofMessages] = [tasks, messages].map((status) =>
      executionFailure("ExecutionFailed", status, { payloadLimit }),
    );
    expect(ofTasks).toMatchObject({
      message: "out of stock\nout of time",
      details: [{ tasks: [{ error: "" }, { error: "" }, { error: "slow" }] }],
    });
    expect(ofMessages).toMatchObject({
      message: "out of stock",
      details: [{ messages: [{ content: "" }, { content: "Let me see." }] }],
    });
  });

  it("has it once where a failed task says the same, and keeps what another says", () => {
    const failed = { status: WorkflowTaskStatus.WORKFLOW_TASK_FAILED };
    const status = create(WorkflowExecutionStatusSchema, {
      error: "out of stock",
      tasks: [
        { ...failed, error: "out of stock" },
        { ...failed, error: "out of time" },
      ],
    });
    expect(executionFailure("ExecutionFailed", status, { payloadLimit })).toMatchObject({
      message: "out of stock",
      details: [{ error: "", tasks: [{ error: "" }, { error: "out of time" }] }],
    });
    expect(status.tasks[0]?.error).toBe("out of stock");
  });

  it("has a text of 1.9 MiB whole, in less than a payload may have", () => {
    const text = "x".repeat(1.9 * 1024 * 1024);
    const failure = executionFailure("ExecutionFailed", failedWith(text), { payloadLimit });
    expect(failure.message).toBe(text);
    const { length } = encoded(failure);
    expect(length).toBeLessThan(payloadLimit);
    expect(length - text.length).toBeLessThan(1_000);
  });

  it("cuts the status before the text", () => {
    const status = failedWith("x".repeat(1_200_000));
    status.output = { text: "y".repeat(1_200_000) };
    const failure = executionFailure("ExecutionFailed", status, { payloadLimit });
    expect(failure.message).toBe(status.error);
    expect(failure.details?.map((detail) => cutFieldsOf(detail as never))).toEqual([["output"]]);
  });

  it.each<[ExecutionFailureType, string]>([
    ["ExecutionFailed", "the execution failed"],
    ["ExecutionCancelled", "the execution was cancelled"],
    ["ExecutionResultInvalid", "the execution completed, but its result cannot be delivered"],
  ])("of type %s says so when the status says nothing", (type, message) => {
    expect(executionFailure(type, failedWith(""), { payloadLimit }).message).toBe(message);
  });

  it("has plain JSON as its detail for who knows no messages", () => {
    const options = { payloadLimit, asJson: true };
    const failure = executionFailure("ExecutionFailed", failedWith("out of stock"), options);
    expect(failure.details).toEqual([{ phase: "EXECUTION_FAILED" }]);
  });

  it("never takes more than a payload may have, whatever the status and the message are", () => {
    fc.assert(
      fc.property(
        arbitraryStatus,
        fc.option(arbitraryText, { nil: undefined }),
        fc.boolean(),
        fc.integer({ min: 4_096, max: 200_000 }),
        (status, message, asJson, payloadLimit) => {
          const options = { message, asJson, payloadLimit };
          const failure = executionFailure("ExecutionFailed", status, options);
          expect(encoded(failure).length).toBeLessThanOrEqual(payloadLimit);
          expect(textBytes(failure.stack ?? "")).toBe(0);
          expect(failure.details).toMatchObject([asJson ? {} : { phase: status.phase, error: "" }]);
        },
      ),
    );
  });

  it("never has a text twice, whatever the status says else", () => {
    fc.assert(
      fc.property(arbitraryStatus, fc.uuid(), (status, text) => {
        status.error = text;
        const failure = executionFailure("ExecutionFailed", status, { payloadLimit });
        expect(count(encoded(failure), text)).toBe(1);
      }),
    );
  });
});
