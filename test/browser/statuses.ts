import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  ExecutionPhase,
  type WorkflowExecutionStatusSchema,
  WorkflowTaskStatus,
  WorkflowTaskType,
} from "@stigmer/apis/workflowexecution/v1";

export const {
  WORKFLOW_TASK_PENDING: PENDING,
  WORKFLOW_TASK_IN_PROGRESS: RUNNING,
  WORKFLOW_TASK_COMPLETED: COMPLETED,
  WORKFLOW_TASK_FAILED: FAILED,
  WORKFLOW_TASK_SKIPPED: SKIPPED,
} = WorkflowTaskStatus;

export type Status = MessageInitShape<typeof WorkflowExecutionStatusSchema>;

export const steps = [
  ["Read the stock levels", WorkflowTaskType.WORKFLOW_TASK_API_CALL, 1.3],
  ["Forecast next week's demand", WorkflowTaskType.WORKFLOW_TASK_AGENT_INVOCATION, 42],
  ["Ask three roasters for offers", WorkflowTaskType.WORKFLOW_TASK_PARALLEL, 85],
  ["Negotiate a better price", WorkflowTaskType.WORKFLOW_TASK_AGENT_INVOCATION, 0],
  ["Wait for the buyer's approval", WorkflowTaskType.WORKFLOW_TASK_APPROVAL, 7_500],
] as const;

/** What `updateStatus` is given: the status of an execution whose tasks stand like this. */
export function running(...statuses: WorkflowTaskStatus[]): Status {
  let time = Date.now() - 180_000;
  const startedAt = new Date(time).toISOString();
  const tasks = steps.map(([taskName, taskType, seconds], index) => {
    const status = statuses[index] ?? PENDING;
    const hasBegun = status !== PENDING && status !== SKIPPED;
    const startedAt = hasBegun ? new Date(time).toISOString() : "";
    if (hasBegun) time += 1000 * seconds;
    const completedAt = hasBegun && status !== RUNNING ? new Date(time).toISOString() : "";
    const taskId = String(index + 1);
    return { taskId, taskName, taskType, status, startedAt, completedAt, error: "" };
  });
  return { phase: ExecutionPhase.EXECUTION_IN_PROGRESS, startedAt, tasks };
}

/** The status, but of an execution that has ended just now. */
export function ended(phase: ExecutionPhase, status: Status, error = ""): Status {
  return { ...status, phase, error, completedAt: new Date().toISOString() };
}
