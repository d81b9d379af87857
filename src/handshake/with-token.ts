import { copyOf } from "../execution/copy-of.js";
import type { Execution } from "../execution/execution.js";
import { type CallbackToken, setCallbackToken } from "../token/index.js";

/** A copy of the execution that carries the token. */
export function withToken<E extends Execution>(execution: E, token: CallbackToken): E {
  const copy = copyOf(execution);
  setCallbackToken(copy, token);
  return copy;
}
