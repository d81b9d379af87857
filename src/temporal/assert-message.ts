import { describeType } from "../describe-type.js";
import type { Execution } from "../execution/execution.js";
import { converterMissing } from "./converter-missing.js";
import { isBytes } from "./is-bytes.js";

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
