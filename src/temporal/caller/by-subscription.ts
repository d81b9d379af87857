import type { Context } from "@temporalio/activity";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { createOrFind } from "../../handshake/create-or-find.js";
import { type HandshakeFields, handshakeFields } from "../log/handshake-fields.js";
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
  const { attempt, isLocal } = context.info;
  // 0 for one that was not set.
  const heartbeatTimeoutMs = context.info.heartbeatTimeoutMs || 60_000;
  const request = identifyRequest(execution, context);
  const fieldsOf = (id: string, outcome?: HandshakeFields["outcome"]) =>
    handshakeFields(attempt, id, undefined, outcome);
  const create = async () => {
    const { execution, isNew } = await createOrFind(request, clients, () =>
      findByTag(context, clients.queries),
    );
    const id = execution.metadata?.id ?? "";
    if (isNew) context.log.info("started the execution", fieldsOf(id));
    return id;
  };
  const executionId = earlierExecutionId(context) ?? (await create());
  const heartbeat = () => {
    if (!isLocal) context.heartbeat({ executionId });
  };
  heartbeat();
  context.log.info("waiting for the execution", fieldsOf(executionId));
  const heartbeats = setInterval(heartbeat, heartbeatTimeoutMs / 3);
  try {
    const status = await follow(executionId);
    context.log.info("found the execution ended", fieldsOf(executionId, outcomeOf(status)));
    return status;
  } finally {
    clearInterval(heartbeats);
  }
}
