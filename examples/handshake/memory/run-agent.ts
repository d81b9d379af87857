// An agent's runner: has the agent answer, and reports the outcome.

import { converse } from "../converse.js";
import { report } from "./report.js";
import type { Surroundings } from "./world.js";

export async function runAgent(world: Surroundings, id: string): Promise<void> {
  const { commands, queries } = world.asRunner.agent;
  const { spec } = await queries.get({ value: id });
  const status = await converse(id, spec?.message ?? "", {
    publish: (status) => commands.updateStatus({ executionId: id, status }),
    log: (step) => world.log("runner", step),
  });
  await report(world, await commands.updateStatus({ executionId: id, status }), queries);
}
