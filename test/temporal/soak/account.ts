import type { World } from "../world/world.js";
import type { Balance } from "./balance.js";
import type { Killer } from "./kills.js";
import { patiently } from "./patiently.js";
import type { HandshakeEnd } from "./run-handshake.js";

/** What a soak has done, in lines for its reader. The times are of `performance.now()`. */
export async function accountOf(soak: {
  readonly world: World;
  readonly killer: Killer;
  readonly ends: readonly HandshakeEnd[];
  readonly balance: Balance;
  readonly problems: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly quietAt: number;
}): Promise<string> {
  const { world, killer, ends, balance, problems, startedAt, endedAt, quietAt } = soak;
  const { kills } = killer;
  const killsOf = (victim: string) => kills.filter((kill) => kill.victim === victim);
  const inAStep = (victim: string) => killsOf(victim).filter(({ gate }) => gate).length;
  const met = ends.filter((end) => kills.some(({ at }) => at > end.startedAt && at < end.endedAt));
  const retries = await Promise.all(ends.map((end) => retriesOf(end)));
  const unconfirmed = ends.filter((end) => end.isUnconfirmed).length;
  return [
    `soak: ${ends.length} handshakes, ${world.created.length} executions, ${problems.length} problems`,
    `  ${met.length} of them met a kill; killed, and started again:`,
    `    workers of callers     ${killsOf("caller").length}, in the middle of a step ${inAStep("caller")}`,
    `    workers of runners     ${killsOf("runner").length}, in the middle of a step ${inAStep("runner")}`,
    `    the server             ${killsOf("server").length}`,
    `    the execution service  ${killsOf("service").length}, in the middle of a step ${inAStep("service")}`,
    `  attempts after the first  ${retries.reduce((total, count) => total + count, 0)}`,
    `  re-armed                  ${world.rearmed()}`,
    `  cancelled, unconfirmed    ${unconfirmed}`,
    ...balance.lines,
    `  ${seconds(endedAt - startedAt)} s until all results were there, ` +
      `${seconds(quietAt - endedAt)} s more until no workflow was open`,
  ].join("\n");
}

/** How often the activity of the caller's workflow was tried again. */
async function retriesOf({ handle }: HandshakeEnd): Promise<number> {
  const { events } = await patiently(() => handle.fetchHistory());
  const attempts = (events ?? []).map(
    ({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? 1,
  );
  return Math.max(...attempts) - 1;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(0);
}
