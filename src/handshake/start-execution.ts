import type { Execution } from "../execution.js";
import type { CallbackToken } from "../token/index.js";
import type { ExecutionReader, ExecutionWriter } from "./execution-client.js";
import { HandshakeError } from "./handshake-error.js";
import { rearmExecution } from "./rearm-execution.js";
import { isAlreadyExists } from "./status-code.js";
import { withToken } from "./with-token.js";

/**
 * Creates the execution with the token of this attempt. When an earlier attempt has created it,
 * re-arms it instead, so that a retried caller never starts a second one. For that, every attempt
 * gives the same `metadata.id`, derived from what stays the same between attempts: the caller's run
 * and its activity.
 *
 * Returns the execution. When it has ended already, its status is the activity's result; otherwise
 * the activity may go pending. The argument is not changed.
 *
 * Throws a `HandshakeError` with code `wrong-id` for an empty id, a `CallbackTokenError` for a
 * token that cannot be one, and what `writer` and `reader` throw: FAILED_PRECONDITION when another
 * request has taken the id.
 */
export async function startExecution<E extends Execution>(
  execution: E,
  token: CallbackToken,
  writer: ExecutionWriter<NoInfer<E>>,
  reader: ExecutionReader<NoInfer<E>>,
): Promise<E> {
  if (!execution.metadata?.id) {
    throw new HandshakeError(
      "wrong-id",
      "expected a request with a metadata.id, the same for every attempt; got none",
    );
  }
  try {
    return await writer.create(withToken(execution, token));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return await rearmExecution(execution, token, writer, reader);
  }
}
