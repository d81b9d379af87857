import { ApplicationFailure } from "@temporalio/common";
import { describeType } from "../describe-type.js";
import type { Execution } from "../execution.js";
import { withoutConverter } from "./without-converter.js";

/**
 * Refuses, for good, an execution that has come through Temporal's default converter: a plain object
 * whose bytes are bytes no more.
 */
export function assertMessage(where: string, execution: Execution): void {
  const isMessage =
    typeof execution?.$typeName === "string" &&
    (execution.spec === undefined || isBytes(execution.spec.callbackToken));
  if (isMessage) return;
  const got = typeof execution === "object" ? "a plain object" : describeType(execution);
  throw converterMissing(where, got);
}

export function converterMissing(where: string, got: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(withoutConverter(where, got), "PayloadConverterMissing");
}

// Not with instanceof: in a workflow's sandbox, bytes may come from outside of it.
export function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}
