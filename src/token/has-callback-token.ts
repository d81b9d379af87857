import type { Execution, ExecutionSpec } from "../execution/execution.js";
import { specOf } from "./spec-of.js";

/**
 * Whether an activity waits for this execution: true when the spec's callback token is not empty.
 *
 * Throws a `CallbackTokenError` with code `wrong-message` for another message.
 */
export function hasCallbackToken(target: Execution | ExecutionSpec): boolean {
  const spec = specOf(target);
  return spec !== undefined && spec.callbackToken?.length > 0;
}
