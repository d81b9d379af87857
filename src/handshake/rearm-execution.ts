import type { Execution } from "../execution/execution.js";
import { type CallbackToken, callbackToken } from "../token/index.js";
import { armExecution } from "./arm-execution.js";
import { countHandshake } from "./count-handshake.js";
import type { KindClients } from "./execution-client.js";
import type { MeterOptions } from "./meter.js";

/**
 * Gives the token of this attempt to an execution that an earlier attempt has created; the earlier
 * token is dead. `execution` is the caller's own request, with the `metadata.id` that it was created
 * under. Its organization, owner scope and spec, as far as the request sets them, must equal those of
 * the execution, so that nobody re-arms, or gets the result of, what somebody else has asked for. What
 * the service has resolved is not a difference, and secrets are not compared.
 *
 * Only the token is changed. The execution is read, and written back with everything that the service
 * has resolved and others have added since. Then it is read again; if a write of somebody else has put a
 * dead token back, it is armed again.
 *
 * Returns the execution. If it has ended already, the token is not needed: its status is the activity's
 * result. The argument is not changed.
 *
 * Throws a `CallbackTokenError` for a token that cannot be one; a `HandshakeError` with code
 * `id-taken` when another request has asked for the execution, or `contended`; and what the
 * clients throw: NOT_FOUND when there is none with this id, and FAILED_PRECONDITION when it was
 * created without a token.
 */
export async function rearmExecution<E extends Execution>(
  execution: NoInfer<E>,
  token: CallbackToken,
  clients: KindClients<E>,
  { meter }: MeterOptions = {},
): Promise<E> {
  const armed = await countHandshake<E>(meter, execution, async () => {
    const found = await clients.queries.get({ value: execution.metadata?.id ?? "" });
    const current = await armExecution<E>(found, execution, callbackToken(token), clients);
    return { execution: current, isNew: false };
  });
  return armed.execution;
}
