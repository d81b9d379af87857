import { ApplicationFailure, rootCause } from "@temporalio/workflow";
import { bytesFor, textBytes } from "../payload/payload-limit.js";
import { fitText } from "../payload/shorten.js";

/**
 * An error that a workflow can end with: itself, unless its texts and details and those of its causes
 * are larger than a payload may be; then a failure of the same type with the beginning of the last
 * cause's text.
 */
export function fitError(error: unknown, payloadLimit: number): unknown {
  let bytes = 0;
  for (let next = error; next instanceof Error; next = next.cause) {
    // The stack repeats the message.
    bytes += textBytes(next.message) + textBytes(next.stack ?? "");
    if ("details" in next) bytes += jsonBytes(next.details);
  }
  if (bytes <= bytesFor(payloadLimit)) return error;
  const failure = ApplicationFailure.create({
    message: fitText(rootCause(error) ?? String(error), payloadLimit),
    type: typeOf(error),
    nonRetryable: true,
  });
  failure.stack = "";
  return failure;
}

function jsonBytes(details: unknown): number {
  // A message may have numbers that JSON.stringify does not take.
  const asText = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);
  return textBytes(JSON.stringify(details, asText) ?? "");
}

function typeOf(error: unknown): string {
  if (error instanceof ApplicationFailure && error.type) return error.type;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause !== undefined) return typeOf(cause);
  return error instanceof Error ? error.name : "Error";
}
