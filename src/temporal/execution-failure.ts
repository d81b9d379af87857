import { ApplicationFailure } from "@temporalio/common";
import type { ExecutionStatus } from "../execution.js";

/**
 * How an execution that did not complete ends the activity that waits for it: as an
 * `ApplicationFailure` that is not retried, with the execution's status as its only detail.
 */
export function executionFailure(
  type: "ExecutionFailed" | "ExecutionCancelled",
  message: string,
  status: ExecutionStatus | undefined,
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    details: status === undefined ? [] : [status],
  });
}
