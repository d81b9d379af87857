import type { ApiResourceMetadata } from "@stigmer/apis/apiresource";
import type { OpenHandshake } from "@stigmer/apis/temporal";
import type { WorkflowExecutionSpec } from "@stigmer/apis/workflowexecution/v1";
import { Client } from "@temporalio/client";
import { expect, it, vi } from "vitest";
import { useServer } from "../world/in-world.js";
import {
  executionOf,
  finish,
  patient,
  storedExecution,
  untilPending,
  untilRunning,
} from "../world/observe.js";
import { list, start, untilIn } from "./observe.js";

vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 });

const { describeInWorlds } = useServer();

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
        detail: `workflow ${terminated.id} is TERMINATED`,
      });

      await runner.kill();
      const unheard = await untilIn("no-heartbeat", world, silent.call);
      expect(unheard.attempt).toBeGreaterThan(1);
      const unbegun = await start(world);
      expect(await untilIn("no-runner", world, unbegun.call)).toMatchObject({
        executionId: unbegun.id,
        phase: "EXECUTION_PENDING",
        detail: `workflow ${unbegun.id} is RUNNING`,
      });

      const { connection } = world.client;
      const runnerClient = new Client({ connection, namespace: "nobodys" });
      expect(await untilIn("no-runner", world, unbegun.call, { runnerClient })).toMatchObject({
        detail: expect.stringMatching(/ cannot be read: .*nobodys/),
      });

      if (world.existingServices) {
        // They let everybody erase it.
        const { metadata, spec } = await storedExecution(world, unbegun.id);
        await world.asRunner.workflow.commands.update({
          metadata: metadata as ApiResourceMetadata,
          spec: { ...(spec as WorkflowExecutionSpec), callbackToken: new Uint8Array() },
        });
        expect(await untilIn("no-token", world, unbegun.call)).toMatchObject({ token: "absent" });
      }

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
      const retry = { initialInterval: "2m" };
      const failing = await world.call("workflow", {}, { ...patient, retry });
      expect(await untilIn("caller-failing", world, failing)).toMatchObject({
        detail: expect.stringMatching(/^ConnectError: /),
      });
    }),
  );
});
