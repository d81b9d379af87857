import type { Execution } from "../execution/execution.js";
import { textOf } from "../text-of.js";
import type { ExecutionQueries, KindClients } from "./execution-client.js";
import { HandshakeError } from "./handshake-error.js";
import { isRequestedBy } from "./is-requested-by.js";
import { isDuplicate, isNotFound, mayHaveTakenEffect } from "./status-code.js";

/**
 * Creates what the request asks for, unless an earlier attempt has done so. No attempt can know that
 * it is the first, and a service may overwrite what exists. So the id is read before anything is
 * created, and again after an error that may hide a success.
 *
 * `findElsewhere` looks for what an earlier attempt has created under an id of the service's making.
 *
 * Throws a `HandshakeError` with code `id-taken` when another request has asked for what is there.
 */
export async function createOrFind<E extends Execution>(
  request: E,
  { commands, queries }: KindClients<E>,
  findElsewhere: () => Promise<E | undefined> = async () => undefined,
): Promise<{ execution: E; isNew: boolean }> {
  const find = async () => (await findById(request, queries)) ?? (await findElsewhere());
  const found = await find();
  if (found !== undefined) return { execution: assertRequested(found, request), isNew: false };
  try {
    return { execution: await commands.create(request), isNew: true };
  } catch (error) {
    if (!mayHaveTakenEffect(error)) throw error;
    const created = await find().catch((problem: unknown) => {
      // Only a read tells whose execution it is. Of any other error, the one of `create` says more.
      if (isDuplicate(error)) throw problem;
      return undefined;
    });
    if (created !== undefined)
      return { execution: assertRequested(created, request), isNew: false };
    if (isDuplicate(error)) throw idTaken(request, error);
    throw error;
  }
}

/** The execution, if it is what the request asks for. */
export function assertRequested<E extends Execution>(execution: E, request: Execution): E {
  if (isRequestedBy(execution, request)) return execution;
  const id = execution.metadata?.id;
  throw new HandshakeError("id-taken", `${id}: exists already, and belongs to another request`);
}

async function findById<E extends Execution>(
  request: E,
  queries: ExecutionQueries<E>,
): Promise<E | undefined> {
  try {
    return await queries.get({ value: request.metadata?.id ?? "" });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Another execution has the slug that the service makes from the name, for example. */
function idTaken(request: Execution, cause: unknown): HandshakeError {
  return new HandshakeError(
    "id-taken",
    `${request.metadata?.id}: does not exist, but the service refuses it as a duplicate: ${textOf(cause)}`,
    { cause },
  );
}
