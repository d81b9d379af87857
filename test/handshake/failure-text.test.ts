import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { AgentExecutionStatusSchema, MessageType } from "../../src/agentexecution/v1.js";
import { failureText } from "../../src/handshake/failure-text.js";
import {
  WorkflowExecutionStatusSchema,
  WorkflowTaskStatus,
} from "../../src/workflowexecution/v1.js";

const { MESSAGE_AI, MESSAGE_HUMAN, MESSAGE_SYSTEM, MESSAGE_TOOL } = MessageType;
const { WORKFLOW_TASK_COMPLETED, WORKFLOW_TASK_FAILED } = WorkflowTaskStatus;

describe("why an execution has failed", () => {
  it("is the error that its status has, whatever else is there", () => {
    const error = "disk full";
    const tasks = [{ status: WORKFLOW_TASK_FAILED, error: "another" }];
    expect(failureText(create(WorkflowExecutionStatusSchema, { error, tasks }))).toBe(error);
    const messages = [{ type: MESSAGE_SYSTEM, content: "another" }];
    expect(failureText(create(AgentExecutionStatusSchema, { error, messages }))).toBe(error);
  });

  it("is what the last system message of an agent says, and no other message", () => {
    const status = create(AgentExecutionStatusSchema, {
      messages: [
        { type: MESSAGE_HUMAN, content: "hello" },
        { type: MESSAGE_SYSTEM, content: "You are the support desk." },
        { type: MESSAGE_AI, content: "hi" },
        { type: MESSAGE_TOOL, content: "404" },
        { type: MESSAGE_SYSTEM, content: "gave up" },
        { type: MESSAGE_SYSTEM, content: "" },
      ],
    });
    expect(failureText(status)).toBe("gave up");
  });

  it("is what the failed tasks of a workflow say, and no other task", () => {
    const status = create(WorkflowExecutionStatusSchema, {
      tasks: [
        { status: WORKFLOW_TASK_COMPLETED, error: "retried once" },
        { status: WORKFLOW_TASK_FAILED, error: "no stock" },
        { status: WORKFLOW_TASK_FAILED },
        { status: WORKFLOW_TASK_FAILED, error: "no refund" },
      ],
    });
    expect(failureText(status)).toBe("no stock\nno refund");
  });

  it("is not known of a status that says nothing", () => {
    expect(failureText(create(WorkflowExecutionStatusSchema))).toBe("");
    expect(failureText(create(AgentExecutionStatusSchema))).toBe("");
  });
});
