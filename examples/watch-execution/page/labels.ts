// What the states and kinds of the contract are called on the page, and how they look there.

import {
  ExecutionPhase,
  type WorkflowTask,
  WorkflowTaskStatus,
  WorkflowTaskType,
} from "@stigmer/apis/workflowexecution/v1";

/** What a state looks like; the style sheet and the icons have one for each. */
export type Tone = "pending" | "running" | "completed" | "failed" | "cancelled" | "skipped";

export interface Label {
  readonly tone: Tone;
  readonly text: string;
}

// A newer service may send values that are not known here.
const phases: Partial<Record<ExecutionPhase, Label>> = {
  [ExecutionPhase.EXECUTION_PENDING]: { tone: "pending", text: "Waiting to start" },
  [ExecutionPhase.EXECUTION_IN_PROGRESS]: { tone: "running", text: "Running" },
  [ExecutionPhase.EXECUTION_COMPLETED]: { tone: "completed", text: "Completed" },
  [ExecutionPhase.EXECUTION_FAILED]: { tone: "failed", text: "Failed" },
  [ExecutionPhase.EXECUTION_CANCELLED]: { tone: "cancelled", text: "Cancelled" },
};

const statuses: Partial<Record<WorkflowTaskStatus, Label>> = {
  [WorkflowTaskStatus.WORKFLOW_TASK_PENDING]: { tone: "pending", text: "pending" },
  [WorkflowTaskStatus.WORKFLOW_TASK_IN_PROGRESS]: { tone: "running", text: "running" },
  [WorkflowTaskStatus.WORKFLOW_TASK_COMPLETED]: { tone: "completed", text: "completed" },
  [WorkflowTaskStatus.WORKFLOW_TASK_FAILED]: { tone: "failed", text: "failed" },
  [WorkflowTaskStatus.WORKFLOW_TASK_SKIPPED]: { tone: "skipped", text: "skipped" },
};

const types: Partial<Record<WorkflowTaskType, string>> = {
  [WorkflowTaskType.WORKFLOW_TASK_AGENT_INVOCATION]: "Agent",
  [WorkflowTaskType.WORKFLOW_TASK_APPROVAL]: "Approval",
  [WorkflowTaskType.WORKFLOW_TASK_API_CALL]: "API call",
  [WorkflowTaskType.WORKFLOW_TASK_CONDITIONAL]: "Decision",
  [WorkflowTaskType.WORKFLOW_TASK_PARALLEL]: "In parallel",
  [WorkflowTaskType.WORKFLOW_TASK_TRANSFORM]: "Transformation",
};

export function labelOfPhase(phase: ExecutionPhase): Label {
  return phases[phase] ?? { tone: "pending", text: "In an unknown phase" };
}

/** A task may be left as it was when its execution has ended. */
export function labelOfTask({ status }: WorkflowTask, hasEnded: boolean): Label {
  const label = statuses[status] ?? { tone: "pending", text: "in an unknown state" };
  if (hasEnded && label.tone === "pending") return { tone: "skipped", text: "not run" };
  if (hasEnded && label.tone === "running") return { tone: "cancelled", text: "stopped" };
  return label;
}

export function labelOfType(type: WorkflowTaskType): string {
  return types[type] ?? "";
}
