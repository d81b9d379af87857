import {
  listOpenHandshakes,
  type OpenHandshake,
  type OpenHandshakesOptions,
} from "@stigmer/apis/temporal";
import type { WorkflowHandle } from "@temporalio/client";
import { executionOf, patient } from "../world/observe.js";
import { until, type World } from "../world/world.js";

/** Whose attempts end soon when nothing is heard. */
export const impatient = {
  ...patient,
  heartbeatTimeout: "2s",
  scheduleToCloseTimeout: "20m",
} as const;

export async function list(
  world: World,
  options: OpenHandshakesOptions = {},
): Promise<OpenHandshake[]> {
  const found: OpenHandshake[] = [];
  for await (const handshake of listOpenHandshakes(world.client, {
    executions: world.asRunner,
    query: `TaskQueue = "${world.callerQueue}"`,
    ...options,
  })) {
    found.push(handshake);
  }
  return found;
}

/** The handshake of this call, once it is in this state. */
export async function untilIn(
  state: OpenHandshake["state"],
  world: World,
  call: WorkflowHandle,
  options?: OpenHandshakesOptions,
): Promise<OpenHandshake> {
  let found: OpenHandshake | undefined;
  await until(`${call.workflowId} is ${state}`, async () => {
    const all = await list(world, options);
    found = all.find(({ workflowId }) => workflowId === call.workflowId);
    return found?.state === state;
  });
  return found as OpenHandshake;
}

export async function start(world: World, plan: object = {}, options: object = impatient) {
  const call = await world.call("workflow", { untilFinished: true, ...plan }, options);
  return { call, id: await executionOf(world, call) };
}
