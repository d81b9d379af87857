import {
  ExecutionPhase,
  type WorkflowExecutionStatus,
  WorkflowTaskStatus,
} from "@stigmer/apis/workflowexecution/v1";

export interface Progress {
  readonly done: number;
  readonly total: number;

  /** From 0 to 100; undefined while no task is known. */
  readonly percent: number | undefined;
}

/** How much of an execution is done, by the number of its tasks. */
export function progressOf({ phase, tasks }: WorkflowExecutionStatus): Progress {
  const failed =
    phase === ExecutionPhase.EXECUTION_FAILED || phase === ExecutionPhase.EXECUTION_CANCELLED;
  const done = tasks.filter(
    ({ status }) =>
      status === WorkflowTaskStatus.WORKFLOW_TASK_COMPLETED ||
      // What is left when an execution fails may be marked as skipped, and is no progress.
      (status === WorkflowTaskStatus.WORKFLOW_TASK_SKIPPED && !failed),
  ).length;
  const total = tasks.length;
  if (phase === ExecutionPhase.EXECUTION_COMPLETED) return { done, total, percent: 100 };
  if (total === 0) return { done, total, percent: failed ? 0 : undefined };
  return { done, total, percent: Math.floor((100 * done) / total) };
}
