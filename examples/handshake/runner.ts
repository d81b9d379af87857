// What the runners of both kinds of execution share.

import { describeCallbackToken, type Execution, getCallbackToken } from "@stigmer/apis";
import { type ExecutionReader, reportOutcome } from "@stigmer/apis/handshake";
import type { World } from "./world.js";

/** The time as the contract writes it: RFC 3339 in UTC. */
export function now(): string {
  return new Date().toISOString();
}

/** Tells the waiting activity, if there is one, how its execution ended. */
export async function report<E extends Execution>(
  world: World,
  execution: E,
  reader: ExecutionReader<E>,
): Promise<void> {
  const token = getCallbackToken(execution);
  const result = await reportOutcome(execution, world.engine, reader);
  const to = token === undefined ? "nobody waits" : `token ${describeCallbackToken(token)}`;
  world.log("runner", `report of ${execution.metadata?.id}: ${result} (${to})`);
}
