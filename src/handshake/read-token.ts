import type { Execution } from "../execution/execution.js";
import { type CallbackToken, getCallbackToken } from "../token/index.js";
import { withheldHeader } from "../withheld-header.js";
import type { ExecutionQueries } from "./execution-client.js";
import { HandshakeError } from "./handshake-error.js";
import { isNotFound } from "./status-code.js";

/**
 * The token of an execution that was seen without one, in case it was withheld from whoever saw it;
 * undefined when nobody waits, or the execution has been deleted.
 *
 * Throws a `HandshakeError` with code `token-withheld` when it is withheld from `queries` too, and what
 * `queries` throws.
 */
export async function readUnseenToken<E extends Execution>(
  queries: ExecutionQueries<E>,
  id: string,
): Promise<CallbackToken | undefined> {
  let withheld: string | null = null;
  const execution = await find(queries, id, (header) => {
    withheld = header;
  });
  const token = execution && getCallbackToken(execution);
  if (token === undefined && namesToken(withheld)) {
    throw tokenWithheld(id, "somebody waits, but it was read without its callback token");
  }
  return token;
}

/**
 * The token that an armed execution has now; undefined when the execution has been deleted, so that
 * nobody can re-arm it any more.
 *
 * Throws a `HandshakeError` with code `token-withheld`, and what `queries` throws.
 */
export async function readToken<E extends Execution>(
  queries: ExecutionQueries<E>,
  id: string,
): Promise<CallbackToken | undefined> {
  const execution = await find(queries, id);
  if (execution === undefined) return undefined;
  const token = getCallbackToken(execution);
  if (token === undefined) throw tokenWithheld(id, "read again without its callback token");
  return token;
}

async function find<E extends Execution>(
  queries: ExecutionQueries<E>,
  id: string,
  onWithheld?: (header: string | null) => void,
): Promise<E | undefined> {
  try {
    return await queries.get(
      { value: id },
      onWithheld && { onHeader: (headers) => onWithheld(headers.get(withheldHeader)) },
    );
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Secret values may be withheld even if nobody waits for the execution. */
export function namesToken(withheld: string | null): boolean {
  return withheld?.split(/, */).includes("callback_token") ?? false;
}

function tokenWithheld(id: string, text: string): HandshakeError {
  return new HandshakeError(
    "token-withheld",
    `${id}: ${text}; the one who reports must be allowed to read it`,
  );
}
