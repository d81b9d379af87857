import type { Execution } from "../execution.js";
import { type CallbackToken, getCallbackToken } from "../token/index.js";
import type { ExecutionReader } from "./execution-client.js";
import { HandshakeError } from "./handshake-error.js";
import { isNotFound } from "./status-code.js";

/**
 * The token that an armed execution has now; undefined when the execution has been deleted, so that
 * nobody can re-arm it any more.
 *
 * Throws a `HandshakeError` with code `token-withheld`, and what `reader` throws.
 */
export async function readToken<E extends Execution>(
  reader: ExecutionReader<E>,
  id: string,
): Promise<CallbackToken | undefined> {
  let execution: E;
  try {
    execution = await reader.get({ value: id });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  const token = getCallbackToken(execution);
  if (token === undefined) {
    throw new HandshakeError(
      "token-withheld",
      `${id}: read again without its callback token; whoever reports must be allowed to read it`,
    );
  }
  return token;
}
