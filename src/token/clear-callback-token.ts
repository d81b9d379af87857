import type { Execution, ExecutionSpec } from "../execution/execution.js";
import { hasCallbackToken } from "./has-callback-token.js";
import { specOf } from "./spec-of.js";

/**
 * Takes the callback token out of the spec. Returns whether there was one.
 *
 * Throws a `CallbackTokenError` with code `wrong-message` for another message.
 */
export function clearCallbackToken(target: Execution | ExecutionSpec): boolean {
  const spec = specOf(target);
  if (spec === undefined || !hasCallbackToken(spec)) return false;
  spec.callbackToken = new Uint8Array();
  return true;
}
