import type { Execution, ExecutionSpec } from "../execution/execution.js";
import { type CallbackToken, checkedToken } from "./callback-token.js";
import { specOf } from "./spec-of.js";

/**
 * The callback token of an execution or of a spec, as a copy; undefined when there is no spec or
 * the field is empty, which means that nobody waits.
 *
 * Throws a `CallbackTokenError` with code `wrong-message` for another message, and with code
 * `too-long` or `not-bytes` for a field that holds no possible token.
 */
export function getCallbackToken(target: Execution | ExecutionSpec): CallbackToken | undefined {
  const spec = specOf(target);
  if (spec === undefined || spec.callbackToken?.length === 0) return undefined;
  return checkedToken(spec.callbackToken, `${spec.$typeName}.callback_token`);
}
