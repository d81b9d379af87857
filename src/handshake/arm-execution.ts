import { equalBytes } from "../equal-bytes.js";
import type { Execution } from "../execution/execution.js";
import { isTerminal } from "../execution/is-terminal.js";
import { schemaOf } from "../execution/schemas.js";
import { restoreSecrets } from "../redaction/restore-secrets.js";
import { type CallbackToken, getCallbackToken } from "../token/index.js";
import { backoff } from "./backoff.js";
import { assertRequested } from "./create-or-find.js";
import type { ExecutionCommands, KindClients } from "./execution-client.js";
import { HandshakeError } from "./handshake-error.js";
import { sleep } from "./sleep.js";
import { isFailedPrecondition } from "./status-code.js";
import { withToken } from "./with-token.js";

// With the backoff, for 6 s at most.
const maxWrites = 6;

/**
 * Puts the token into an execution as it was found, and reads it again until the token is there:
 * somebody who changes a label may have read the execution before, and write a dead token back. Only
 * the token is changed. Returns the execution as it was read last; one that has ended needs no token.
 */
export async function armExecution<E extends Execution>(
  found: E,
  request: E,
  token: CallbackToken,
  { commands, queries }: KindClients<E>,
): Promise<E> {
  const id = found.metadata?.id ?? "";
  let current = found;
  for (let writes = 0; ; writes++) {
    assertRequested(current, request);
    if (isTerminal(current)) return current;
    const armed = getCallbackToken(current);
    if (armed !== undefined && equalBytes(armed, token)) return current;
    // It is there, but not for the eyes of this client.
    if (armed === undefined && writes > 0) return current;
    if (writes === maxWrites) {
      throw new HandshakeError(
        "contended",
        `${id}: its callback token was replaced during every attempt to set it`,
      );
    }
    if (writes > 0) await sleep(backoff(writes));
    const reread = () => queries.get({ value: id });
    current = (await writeToken(current, request, token, commands, reread)) ?? (await reread());
  }
}

/** Returns the execution when it has ended before the token was written. */
async function writeToken<E extends Execution>(
  current: E,
  request: E,
  token: CallbackToken,
  commands: ExecutionCommands<E>,
  reread: () => Promise<E>,
): Promise<E | undefined> {
  // A status may be too large for a request, and an update keeps the one that is stored.
  const asRead = { ...current };
  delete asRead.status;
  const next = withToken(asRead, token);
  const isRestored = restoreWithheld(next, request);
  try {
    await commands.update(next);
  } catch (error) {
    if (!isFailedPrecondition(error)) throw error;
    const found = await reread();
    if (isTerminal(found)) return found;
    // The service keeps a spec as it is, and secrets that are withheld may have been rotated since.
    if (!isRestored) throw error;
    await commands.update(withToken(asRead, token));
  }
  return undefined;
}

/** What is withheld here would be erased by a service that takes every spec as it comes. */
function restoreWithheld(execution: Execution, request: Execution): boolean {
  if (execution.spec === undefined || request.spec === undefined) return false;
  return restoreSecrets(schemaOf(execution.spec), execution.spec, request.spec);
}
