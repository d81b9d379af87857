import { describeCallbackToken, type Execution, getCallbackToken } from "@stigmer/apis";
import { type ExecutionQueries, reportOutcome } from "@stigmer/apis/handshake";
import type { Surroundings } from "./world.js";

/** Tells the waiting activity, if there is one, how its execution ended. */
export async function report<E extends Execution>(
  world: Surroundings,
  execution: E,
  queries: ExecutionQueries<E>,
): Promise<void> {
  const token = getCallbackToken(execution);
  const result = await reportOutcome(execution, world.engine, queries);
  const to = token === undefined ? "nobody waits" : `token ${describeCallbackToken(token)}`;
  world.log("runner", `report of ${execution.metadata?.id}: ${result} (${to})`);
}
