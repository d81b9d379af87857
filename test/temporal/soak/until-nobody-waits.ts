import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../world/world.js";
import { patiently } from "./patiently.js";

const limitMs = 3 * 60_000;

/** Resolves when no workflow of the world is open: neither of a caller nor of a runner. */
export async function untilNobodyWaits({ client, callerQueue, runnerQueue }: World): Promise<void> {
  const query = `TaskQueue IN ("${callerQueue}", "${runnerQueue}") AND ExecutionStatus = "Running"`;
  const deadline = Date.now() + limitMs;
  for (;;) {
    const { count } = await patiently(() => client.workflow.count(query));
    if (count === 0) return;
    if (Date.now() > deadline) {
      const open: string[] = [];
      for await (const { workflowId } of client.workflow.list({ query })) open.push(workflowId);
      throw new Error(`expected that nobody waits, but these workflows are open: ${open.join()}`);
    }
    await sleep(200);
  }
}
