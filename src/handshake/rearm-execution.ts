import type { Execution } from "../execution.js";
import type { CallbackToken } from "../token/index.js";
import type { ExecutionReader, ExecutionWriter } from "./execution-client.js";
import { isTerminal } from "./is-terminal.js";
import { isFailedPrecondition } from "./status-code.js";
import { withToken } from "./with-token.js";

/**
 * Gives an execution that an earlier attempt has created the token of this attempt; the earlier
 * token is dead. `execution` is the caller's own request with the `metadata.id` that it was created
 * under: the service compares its spec, so that nobody re-arms what somebody else has asked for.
 *
 * Returns the execution. When it has ended already, the token is not needed: its status is the
 * activity's result. The argument is not changed.
 *
 * Throws a `CallbackTokenError` for a token that cannot be one, and what `writer` and `reader`
 * throw, FAILED_PRECONDITION when the specs differ.
 */
export async function rearmExecution<E extends Execution>(
  execution: E,
  token: CallbackToken,
  writer: ExecutionWriter<NoInfer<E>>,
  reader: ExecutionReader<NoInfer<E>>,
): Promise<E> {
  try {
    return await writer.update(withToken(execution, token));
  } catch (error) {
    if (!isFailedPrecondition(error)) throw error;
    const current = await reader.get({ value: execution.metadata?.id ?? "" });
    if (isTerminal(current)) return current;
    throw error;
  }
}
