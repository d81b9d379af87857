import {
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  rootCause,
} from "@temporalio/workflow";
import { fitText } from "../payload/fit-text.js";
import { bytesFor, textBytes } from "../payload/payload-limit.js";
import { payloadBytes } from "./activator.js";

/**
 * An error that a workflow can end with: itself, unless its texts and details and those of its causes
 * are larger than a payload may be, or cannot be sent at all; then a failure of the same type with the
 * beginning of the last cause's text. A cancellation stays one.
 */
export function fitError(error: unknown, payloadLimit: number): unknown {
  let bytes = 0;
  for (let next = error; next instanceof Error; next = next.cause) {
    // The stack repeats the message.
    bytes += textBytes(next.message) + textBytes(next.stack ?? "") + detailBytes(next);
  }
  if (bytes <= bytesFor(payloadLimit)) return error;
  const message = fitText(rootCause(error) ?? String(error), payloadLimit);
  const failure = isCancellation(error)
    ? new CancelledFailure(message)
    : ApplicationFailure.create({ message, type: typeOf(error), nonRetryable: true });
  failure.stack = "";
  return failure;
}

function detailBytes(error: Error): number {
  const details = "details" in error && Array.isArray(error.details) ? error.details : [];
  return details.reduce((bytes: number, detail) => bytes + payloadBytes(detail), 0);
}

function typeOf(error: unknown): string {
  if (error instanceof ApplicationFailure && error.type) return error.type;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause !== undefined) return typeOf(cause);
  return error instanceof Error ? error.name : "Error";
}
