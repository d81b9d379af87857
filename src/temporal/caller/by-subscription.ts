import type { Context } from "@temporalio/activity";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { createOrFind } from "../../handshake/create-or-find.js";
import type { Clients } from "./clients.js";
import { findByTag } from "./find-by-tag.js";
import { identifyRequest } from "./identify-request.js";
import { earlierExecutionId } from "./signs-of-life.js";

/** Waits in the worker: without a token, and with heartbeats of its own. */
export async function bySubscription<E extends Execution>(
  context: Context,
  execution: E,
  clients: Clients<E>,
  follow: (id: string) => Promise<ExecutionStatus>,
): Promise<ExecutionStatus> {
  const { isLocal, heartbeatTimeoutMs = 60_000 } = context.info;
  const request = identifyRequest(execution, context);
  const create = async () => {
    const found = await createOrFind(request, clients, () => findByTag(context, clients.queries));
    return found.execution.metadata?.id ?? "";
  };
  const executionId = earlierExecutionId(context) ?? (await create());
  const heartbeat = () => {
    if (!isLocal) context.heartbeat({ executionId });
  };
  heartbeat();
  const heartbeats = setInterval(heartbeat, heartbeatTimeoutMs / 3);
  try {
    return await follow(executionId);
  } finally {
    clearInterval(heartbeats);
  }
}
