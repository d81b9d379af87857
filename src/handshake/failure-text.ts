import { type AgentMessage, MessageType } from "../agentexecution/v1.js";
import type { ExecutionStatus } from "../execution/execution.js";
import { type WorkflowTask, WorkflowTaskStatus } from "../workflowexecution/v1.js";

/**
 * Why the execution failed, according to its status: the status's error, else an agent's last system
 * message (those before it frame the conversation), or the errors of a workflow's failed tasks, one per
 * line. Empty when the status does not say.
 */
export function failureText(status: ExecutionStatus): string {
  if (status.error) return status.error;
  const texts =
    "messages" in status
      ? status.messages
          .filter(isSystem)
          .map(({ content }) => content)
          .filter((content) => content)
          .slice(-1)
      : status.tasks.filter(hasFailed).map(({ error }) => error);
  return texts.filter((text) => text).join("\n");
}

export function isSystem({ type }: AgentMessage): boolean {
  return type === MessageType.MESSAGE_SYSTEM;
}

export function hasFailed({ status }: WorkflowTask): boolean {
  return status === WorkflowTaskStatus.WORKFLOW_TASK_FAILED;
}
