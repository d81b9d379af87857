// The runner: takes its time for every step of an order, and publishes the status as it goes.

import { setTimeout as sleep } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import {
  ExecutionPhase,
  type WorkflowExecutionStatus,
  WorkflowExecutionStatusSchema,
  WorkflowTaskSchema,
  WorkflowTaskStatus,
  WorkflowTaskType,
} from "@stigmer/apis/workflowexecution/v1";

const steps = [
  ["Read the stock levels", WorkflowTaskType.WORKFLOW_TASK_API_CALL, 1300],
  ["Forecast next week's demand", WorkflowTaskType.WORKFLOW_TASK_AGENT_INVOCATION, 4200],
  ["Ask three roasters for offers", WorkflowTaskType.WORKFLOW_TASK_PARALLEL, 2600],
  ["Compare the offers", WorkflowTaskType.WORKFLOW_TASK_CONDITIONAL, 400],
  // Every offer is good enough, so this one is skipped.
  ["Negotiate a better price", WorkflowTaskType.WORKFLOW_TASK_AGENT_INVOCATION, undefined],
  ["Wait for the buyer's approval", WorkflowTaskType.WORKFLOW_TASK_APPROVAL, 3500],
  ["Place the order", WorkflowTaskType.WORKFLOW_TASK_API_CALL, 1800],
  ["Write the delivery note", WorkflowTaskType.WORKFLOW_TASK_TRANSFORM, 700],
] as const;

export interface OrderOptions {
  readonly signal: AbortSignal;

  publish(status: WorkflowExecutionStatus): Promise<unknown>;

  /** Called when a step has taken its time. What it throws fails the step. */
  onStep(name: (typeof steps)[number][0]): Promise<void>;
}

/** Runs the steps. Returns the terminal status, which is still to be published. */
export async function runOrder({
  signal,
  publish,
  onStep,
}: OrderOptions): Promise<WorkflowExecutionStatus> {
  const tasks = steps.map(([taskName, taskType], index) =>
    create(WorkflowTaskSchema, {
      taskId: `step-${index + 1}`,
      taskName,
      taskType,
      status: WorkflowTaskStatus.WORKFLOW_TASK_PENDING,
    }),
  );
  const status = create(WorkflowExecutionStatusSchema, {
    phase: ExecutionPhase.EXECUTION_IN_PROGRESS,
    startedAt: now(),
    tasks,
  });
  let current = create(WorkflowTaskSchema);
  try {
    for (const [index, [name, , ms]] of steps.entries()) {
      current = tasks[index] ?? current;
      if (ms === undefined) {
        current.status = WorkflowTaskStatus.WORKFLOW_TASK_SKIPPED;
        continue;
      }
      current.status = WorkflowTaskStatus.WORKFLOW_TASK_IN_PROGRESS;
      current.startedAt = now();
      await publish(status);
      await sleep(ms, undefined, { signal });
      await onStep(name);
      signal.throwIfAborted();
      current.status = WorkflowTaskStatus.WORKFLOW_TASK_COMPLETED;
      current.completedAt = now();
    }
    status.phase = ExecutionPhase.EXECUTION_COMPLETED;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    current.completedAt = now();
    if (signal.aborted) {
      status.phase = ExecutionPhase.EXECUTION_CANCELLED;
      status.error = String(signal.reason?.message ?? signal.reason);
    } else {
      status.phase = ExecutionPhase.EXECUTION_FAILED;
      status.error = `“${current.taskName}” has failed`;
      current.status = WorkflowTaskStatus.WORKFLOW_TASK_FAILED;
      current.error = message;
    }
  }
  status.completedAt = now();
  return status;
}

function now(): string {
  return new Date().toISOString();
}
