import { randomUUID } from "node:crypto";
import { type CallbackToken, callbackToken } from "@stigmer/apis";
import {
  listOpenHandshakes,
  type OpenHandshake,
  type OpenHandshakesOptions,
} from "@stigmer/apis/temporal";
import type { WorkflowHandle } from "@temporalio/client";
import { expect, it, vi } from "vitest";
import { clientsOver } from "../world/clients-over.js";
import { useServer } from "../world/in-world.js";
import { executionOf, finish, patient, untilPending, untilRunning } from "../world/observe.js";
import { transportTo } from "../world/service-transport.js";
import { until, type World } from "../world/world.js";

vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 });

const { describeInWorlds } = useServer();

/** Whose attempts end soon when nothing is heard. */
const impatient = {
  ...patient,
  heartbeatTimeout: "2s",
  scheduleToCloseTimeout: "20m",
} as const;

async function list(world: World, options: OpenHandshakesOptions = {}): Promise<OpenHandshake[]> {
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
async function untilIn(
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

async function start(world: World, plan: object = {}, options: object = impatient) {
  const call = await world.call("workflow", { untilFinished: true, ...plan }, options);
  return { call, id: await executionOf(world, call) };
}

describeInWorlds("the open handshakes", (inWorld) => {
  it(
    "are told with their state, while all around them fails",
    inWorld(async (world) => {
      const [caller, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { gates: ["before complete"] }),
      ]);
      const agent = await world.call("agent", { untilFinished: true }, patient);
      const agentId = await executionOf(world, agent);
      await untilRunning(world, agentId);
      await untilPending(agent, caller);
      const [healthy] = await list(world);
      expect(healthy).toEqual({
        workflowId: agent.workflowId,
        runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        workflowType: "call",
        activityId: "1",
        activityType: "ExecuteAgent",
        attempt: 1,
        waitingSince: expect.any(Date),
        deadline: expect.any(Date),
        lastHeartbeat: expect.any(Date),
        executionId: agentId,
        phase: "EXECUTION_IN_PROGRESS",
        token: "present",
        state: "healthy",
      });
      const { waitingSince, deadline } = healthy as OpenHandshake;
      expect(Number(deadline) - Number(waitingSince)).toBe(4 * 60_000);
      expect(await list(world, { olderThan: "1h" })).toEqual([]);
      expect(await list(world, { olderThan: 1 })).toHaveLength(1);

      const [terminated, silent] = await Promise.all([start(world), start(world)]);
      await Promise.all([terminated, silent].map(({ id }) => untilRunning(world, id)));
      await finish(world, agentId);
      const ended = await untilIn("not-reported", world, agent);
      expect(ended).toMatchObject({ phase: "EXECUTION_COMPLETED", token: "present" });

      await world.runnerClient.workflow.getHandle(terminated.id).terminate("by an operator");
      expect(await untilIn("no-runner", world, terminated.call)).toMatchObject({
        phase: "EXECUTION_IN_PROGRESS",
        detail: `its workflow ${terminated.id} is TERMINATED`,
      });

      await runner.kill();
      const unheard = await untilIn("no-heartbeat", world, silent.call);
      expect(unheard.attempt).toBeGreaterThan(1);
      const unbegun = await start(world);
      expect(await untilIn("no-runner", world, unbegun.call)).toMatchObject({
        executionId: unbegun.id,
        phase: "EXECUTION_PENDING",
      });

      await world.asRunner.workflow.commands.delete({ value: terminated.id });
      await untilIn("deleted", world, terminated.call);

      await caller.kill();
      await untilIn("no-caller", world, silent.call);
      await world.serviceDown();
      expect(await untilIn("unknown", world, agent)).toMatchObject({ executionId: agentId });
    }),
  );

  it(
    "are told when their attempts fail, and when their activity is paused",
    inWorld(async (world) => {
      const caller = await world.startWorker("caller");
      const { call } = await start(world, {}, patient);
      await untilPending(call, caller);
      await world.client.workflowService.pauseActivity({
        namespace: "default",
        execution: { workflowId: call.workflowId },
        id: "1",
      });
      expect(await untilIn("no-caller", world, call)).toMatchObject({
        detail: "its activity is paused",
      });
      await world.serviceDown();
      const failing = await world.call("workflow", {}, { ...patient, retry: {} });
      expect(await untilIn("caller-failing", world, failing)).toMatchObject({
        detail: expect.stringMatching(/^ConnectError: /),
      });
    }),
  );
});

describeInWorlds("a report that cannot be made", (inWorld) => {
  const garbage = callbackToken(new TextEncoder().encode(randomUUID()));
  let dispatched: (token: CallbackToken) => CallbackToken;

  it(
    "tells that the token is no token of the callers' server",
    inWorld(
      async (world) => {
        dispatched = () => garbage;
        await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
        const { call, id } = await start(world, { isUnpublished: true });
        await finish(world, id);
        expect(await untilIn("invalid-token", world, call)).toMatchObject({
          executionId: id,
          detail: expect.stringMatching(/^InvalidToken: /),
        });
      },
      { dispatchedToken: (token) => dispatched(token) },
    ),
  );

  it(
    "tells that the runner may not read the token; a viewer sees no more of it",
    inWorld(async (world) => {
      // The existing services show it to everybody.
      if (world.serviceKey === undefined) return;
      const service = { url: world.serviceUrl, protocol: "connect" } as const;
      await Promise.all([world.startWorker("caller"), world.startWorker("runner", { service })]);
      const { call, id } = await start(world, { isUnpublished: true });
      await until("re-armed", () => world.rearmed() > 0);
      await finish(world, id);
      const executions = clientsOver(transportTo(service));
      expect(await untilIn("token-withheld", world, call, { executions })).toMatchObject({
        executionId: id,
        token: "withheld",
      });
    }),
  );
});
