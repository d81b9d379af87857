import { MessageType } from "../agentexecution/v1.js";
import type { ExecutionStatus } from "../execution.js";
import { WorkflowTaskStatus } from "../workflowexecution/v1.js";

/**
 * What a status says of why its execution failed: its error, else the system messages of an agent or
 * the errors of a workflow's failed tasks, one a line. Empty when it says nothing.
 */
export function failureText(status: ExecutionStatus): string {
  if (status.error) return status.error;
  const texts =
    "messages" in status
      ? status.messages
          .filter(({ type }) => type === MessageType.MESSAGE_SYSTEM)
          .map(({ content }) => content)
      : status.tasks
          .filter(({ status }) => status === WorkflowTaskStatus.WORKFLOW_TASK_FAILED)
          .map(({ error }) => error);
  return texts.filter((text) => text).join("\n");
}
