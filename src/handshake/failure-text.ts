import { MessageType } from "../agentexecution/v1.js";
import type { ExecutionStatus } from "../execution.js";
import { WorkflowTaskStatus } from "../workflowexecution/v1.js";

/**
 * What a status says of why its execution failed: its error, else the last system message of an agent
 * (those before it frame the conversation), or the errors of a workflow's failed tasks, one a line.
 * Empty when it says nothing.
 */
export function failureText(status: ExecutionStatus): string {
  if (status.error) return status.error;
  const texts =
    "messages" in status
      ? status.messages
          .filter(({ type }) => type === MessageType.MESSAGE_SYSTEM)
          .map(({ content }) => content)
          .filter((content) => content)
          .slice(-1)
      : status.tasks
          .filter(({ status }) => status === WorkflowTaskStatus.WORKFLOW_TASK_FAILED)
          .map(({ error }) => error);
  return texts.filter((text) => text).join("\n");
}
