import type { ExecutionStatus } from "@stigmer/apis";
import type { ActivityResult } from "@stigmer/apis/testing";
import { WorkflowFailedError } from "@temporalio/client";
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
} from "@temporalio/common";

/**
 * How an activity has ended, from what it returns or throws, in its workflow or past it. Rejects when
 * it cannot be told.
 */
export async function resultOf(status: Promise<ExecutionStatus>): Promise<ActivityResult> {
  try {
    return { outcome: "completed", status: await status };
  } catch (error) {
    const failure = failureIn(error);
    if (failure instanceof TimeoutFailure) return { outcome: "timed-out" };
    if (failure instanceof CancelledFailure) return { outcome: "cancelled" };
    if (!(failure instanceof ApplicationFailure)) throw error;
    return failure.type === "ExecutionCancelled"
      ? { outcome: "cancelled" }
      : { outcome: "failed", message: failure.message };
  }
}

/** The failure within those of the workflow and of the activity that it has failed. */
function failureIn(error: unknown): unknown {
  return error instanceof WorkflowFailedError || error instanceof ActivityFailure
    ? failureIn(error.cause)
    : error;
}
