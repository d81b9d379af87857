import { ApplicationFailure } from "@temporalio/common";
import type { ExecutionStatus } from "../execution.js";

const defaultMessages = {
  ExecutionFailed: "the execution failed",
  ExecutionCancelled: "the execution was cancelled",
};

/**
 * How an execution that did not complete ends the activity that waits for it: as an
 * `ApplicationFailure` that is not retried, with the execution's status as its only detail. The
 * message is the status's error, unless another is given.
 */
export function executionFailure(
  type: keyof typeof defaultMessages,
  status: ExecutionStatus,
  message: string = status.error || defaultMessages[type],
): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [status] });
}
