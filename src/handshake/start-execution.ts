import type { Execution } from "../execution/execution.js";
import type { CallbackToken } from "../token/index.js";
import { countHandshake } from "./count-handshake.js";
import type { KindClients } from "./execution-client.js";
import { HandshakeError } from "./handshake-error.js";
import type { MeterOptions } from "./meter.js";
import { startOrArm } from "./start-or-arm.js";

/**
 * Creates the execution with the token of this attempt. When an earlier attempt has created it,
 * re-arms it instead, as `rearmExecution` does, so that a retried caller never starts a second one.
 * Every attempt must therefore give the same `metadata.id`, derived from what stays the same between
 * attempts: the caller's run and its activity. The id is read before anything is created, and again if
 * the answer to `create` leaves open whether there is an execution now.
 *
 * Returns the execution. If it has ended already, its status is the activity's result; otherwise the
 * activity may go pending. The argument is not changed.
 *
 * Throws a `HandshakeError` with code `wrong-id` for an empty id, `id-taken` when another request has
 * asked for the execution, or `contended`; a `CallbackTokenError` for a token that cannot be one; and
 * what the clients throw.
 */
export async function startExecution<E extends Execution>(
  execution: NoInfer<E>,
  token: CallbackToken,
  clients: KindClients<E>,
  { meter }: MeterOptions = {},
): Promise<E> {
  const armed = await countHandshake<E>(meter, execution, async () => {
    if (!execution.metadata?.id) {
      throw new HandshakeError(
        "wrong-id",
        "expected a request with a metadata.id, the same for every attempt; got none",
      );
    }
    return startOrArm<E>(execution, token, clients);
  });
  return armed.execution;
}
