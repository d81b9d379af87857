import type { Execution } from "../execution/execution.js";
import type { CallbackToken } from "../token/index.js";
import { armExecution } from "./arm-execution.js";
import { createOrFind } from "./create-or-find.js";
import type { KindClients } from "./execution-client.js";
import { withToken } from "./with-token.js";

/** The execution of a request with the token: a new one, or the one that is there, re-armed. */
export async function startOrArm<E extends Execution>(
  request: E,
  token: CallbackToken,
  clients: KindClients<E>,
  findElsewhere?: () => Promise<E | undefined>,
): Promise<{ execution: E; isNew: boolean }> {
  const armed = withToken(request, token);
  const created = await createOrFind(armed, clients, findElsewhere);
  if (created.isNew) return created;
  const execution = await armExecution(created.execution, armed, token, clients);
  return { execution, isNew: false };
}
