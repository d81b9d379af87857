import { setTimeout as sleep } from "node:timers/promises";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import type { WorkflowHandle } from "@temporalio/client";
import { describe, expect, it, type TestContext, vi } from "vitest";
import { startTemporalServer, type TemporalServer, temporalRestartable } from "../server.js";
import { useServer } from "../world/in-world.js";
import {
  executionOf,
  expectCompletedOnce,
  finish,
  patient,
  reportsOf,
  runnerResult,
  untilPending,
  untilRunning,
} from "../world/observe.js";
import { serviceNames } from "../world/service.js";
import { startWorld, until, type WorkerProcess, type World } from "../world/world.js";

vi.setConfig({ maxConcurrency: 7, testTimeout: 300_000 });

const { describeInWorlds } = useServer();

/**
 * Lets the caller's first attempt create the execution and learn nothing of that: neither from the
 * answer nor from what it reads then. The next attempt finds and re-arms it.
 */
async function loseCreated(world: World, caller: WorkerProcess): Promise<void> {
  await caller.at("before get");
  world.loseAnswer("create");
  const opened = caller.open("before get");
  caller.close("before get");
  await opened;
  await caller.at("before get");
  world.loseAnswer("get");
  await caller.open("before get");
}

describeInWorlds("an execution service that is down for 20 s", (inWorld) => {
  /** Lets the worker through the gate to a service that is not there; for 20 s, it never is. */
  async function meetOutage(
    world: World,
    worker: WorkerProcess,
    gate: string,
    trying: { activity: string; of: WorkflowHandle },
  ): Promise<void> {
    await worker.at(gate);
    const attempts = async () => {
      const { raw } = await trying.of.describe();
      const pending = raw.pendingActivities ?? [];
      return (
        pending.find(({ activityType }) => activityType?.name === trying.activity)?.attempt ?? 0
      );
    };
    const before = await attempts();
    await world.serviceDown();
    await worker.open(gate);
    await sleep(20_000);
    await until(
      `${trying.activity} has been tried in vain`,
      async () => (await attempts()) > before,
    );
    await world.serviceUp();
  }

  it(
    "before the execution is created has it created after that",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { gates: ["before create"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", {}, patient);
      await meetOutage(world, caller, "before create", { activity: "ExecuteWorkflow", of: call });
      await expectCompletedOnce(world, call);
      expect(world.rearmed()).toBe(0);
    }),
  );

  for (const [moment, plan] of Object.entries({
    "when the body begins": {},
    "when it has ended": { untilFinished: true },
  })) {
    it(
      `${moment} has the status published after that, and before the report`,
      inWorld(async (world) => {
        const gate = "before updateStatus";
        const [, runner] = await Promise.all([
          world.startWorker("caller"),
          world.startWorker("runner", { gates: plan.untilFinished ? [] : [gate] }),
        ]);
        const call = await world.call("workflow", plan, patient);
        const id = await executionOf(world, call);
        if (plan.untilFinished) {
          await untilRunning(world, id);
          runner.close(gate);
          await finish(world, id);
        }
        const of = world.runnerClient.workflow.getHandle(id);
        await meetOutage(world, runner, gate, { activity: "publishStatus", of });
        await expectCompletedOnce(world, call);
        expect(await reportsOf(world, id)).toEqual(["CompleteExternalActivity: reported"]);
        expect(world.rearmed()).toBe(0);
      }),
    );
  }

  it(
    "when a next attempt re-arms has it re-armed after that",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { gates: ["before get", "before update"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("agent", { untilFinished: true }, patient);
      await loseCreated(world, caller);
      await meetOutage(world, caller, "before update", { activity: "ExecuteAgent", of: call });
      await untilPending(call, caller);
      expect(world.rearmed()).toBe(1);
      await finish(world, await executionOf(world, call));
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "when a report looks for a newer token has it find that after the outage",
    inWorld(async (world) => {
      const [caller, runner] = await Promise.all([
        world.startWorker("caller", { gates: ["before get"] }),
        world.startWorker("runner", { gates: ["before complete"] }),
      ]);
      // Heartbeats would find it before.
      const plan = { untilFinished: true, callback: { heartbeatInterval: "1h" } } as const;
      const call = await world.call("workflow", plan, patient);
      await loseCreated(world, caller);
      await untilPending(call, caller);
      expect(world.rearmed()).toBe(1);
      const id = await executionOf(world, call);
      await finish(world, id);
      const of = world.runnerClient.workflow.getHandle(id);
      await meetOutage(world, runner, "before complete", {
        activity: "CompleteExternalActivity",
        of,
      });
      await expectCompletedOnce(world, call);
      await runnerResult(world, id);
      expect(await reportsOf(world, id)).toEqual(["CompleteExternalActivity: reported"]);
      expect(world.rearmed()).toBe(1);
    }),
  );

  it(
    "while the caller follows the execution has it followed on after that",
    inWorld(async (world) => {
      await Promise.all([
        world.startWorker("caller", { callerOptions: { wait: "subscription" } }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", { untilFinished: true });
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      await world.serviceDown();
      await sleep(20_000);
      await world.serviceUp();
      await finish(world, id);
      await expectCompletedOnce(world, call);
    }),
  );
});

describeInWorlds("an answer of the execution service that is lost", (inWorld) => {
  it(
    "to the caller makes no second execution",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { gates: ["before get"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", { untilFinished: true }, patient);
      world.loseAnswer("update");
      await loseCreated(world, caller);
      await untilPending(call, caller);
      expect(world.rearmed()).toBe(2);
      await finish(world, await executionOf(world, call));
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "to the runner, when it publishes that the execution has ended, ends it no second time",
    inWorld(async (world) => {
      await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
      const call = await world.call("agent", { untilFinished: true }, patient);
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      world.loseAnswer("updateStatus");
      await finish(world, id);
      await expectCompletedOnce(world, call);
      expect(world.calls("updateStatus")).toBe(3);
    }),
  );
});

describe.skipIf(!temporalRestartable()).each(serviceNames)(
  "a call gets its result, once, when the Temporal server is killed and started again (%s service)",
  { concurrent: true },
  (service) => {
    const startOwnServer = async ({ onTestFinished }: TestContext) => {
      const server = await startTemporalServer();
      onTestFinished(() => server.stop());
      return server;
    };
    const withOwnServer =
      (run: (world: World, server: TemporalServer) => Promise<void>) =>
      async (context: TestContext) => {
        const server = await startOwnServer(context);
        const world = await startWorld(server.address, "default", { service });
        context.onTestFinished(() => world.stop());
        await run(world, server);
      };

    it(
      "before the execution is created",
      withOwnServer(async (world, server) => {
        const [caller] = await Promise.all([
          world.startWorker("caller", { gates: ["before create"] }),
          world.startWorker("runner"),
        ]);
        const call = await world.call("workflow", {});
        await caller.at("before create");
        await server.kill();
        await caller.open("before create");
        await executionOf(world, call);
        await server.start();
        await expectCompletedOnce(world, call);
      }),
    );

    it(
      "after that, before the activity is pending",
      withOwnServer(async (world, server) => {
        const [caller] = await Promise.all([
          world.startWorker("caller", { gates: ["after create"] }),
          world.startWorker("runner"),
        ]);
        const call = await world.call("agent", { untilFinished: true });
        await caller.at("after create");
        await server.kill();
        await caller.open("after create");
        await caller.idle();
        await server.start();
        await finish(world, await executionOf(world, call));
        await expectCompletedOnce(world, call);
      }),
    );

    it(
      "while the body runs",
      withOwnServer(async (world, server) => {
        const [caller] = await Promise.all([
          world.startWorker("caller"),
          world.startWorker("runner"),
        ]);
        const call = await world.call("workflow", { untilFinished: true });
        await untilPending(call, caller);
        const id = await executionOf(world, call);
        await untilRunning(world, id);
        await server.kill();
        await server.start();
        await finish(world, id);
        await expectCompletedOnce(world, call);
      }),
    );

    it(
      "while a report is sent",
      withOwnServer(async (world, server) => {
        const [, runner] = await Promise.all([
          world.startWorker("caller"),
          world.startWorker("runner", { gates: ["before complete"] }),
        ]);
        const call = await world.call("workflow", {}, patient);
        await runner.at("before complete");
        await server.kill();
        await runner.open("before complete");
        await server.start();
        await expectCompletedOnce(world, call);
        const id = await executionOf(world, call);
        expect((await runnerResult(world, id)).phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);
        expect(await reportsOf(world, id)).toEqual(["CompleteExternalActivity: reported"]);
      }),
    );

    it(
      "after a report, before the runner's own workflow has heard of it",
      withOwnServer(async (world, server) => {
        const [, runner] = await Promise.all([
          world.startWorker("caller"),
          world.startWorker("runner", { gates: ["after complete"] }),
        ]);
        const call = await world.call("workflow", {}, patient);
        await runner.at("after complete");
        await server.kill();
        await runner.open("after complete");
        await server.start();
        await expectCompletedOnce(world, call);
        const id = await executionOf(world, call);
        expect((await runnerResult(world, id)).phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);
        expect(await reportsOf(world, id)).toEqual(["CompleteExternalActivity: reported"]);
      }),
    );

    it("while a report is sent, for longer than the connection of the completer tries", async (context) => {
      const [callers, runners] = await Promise.all([
        startOwnServer(context),
        startOwnServer(context),
      ]);
      const world = await startWorld(callers.address, "default", {
        service,
        runnerAddress: runners.address,
      });
      context.onTestFinished(() => world.stop());
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { gates: ["before complete"] }),
      ]);
      const call = await world.call("workflow", {}, patient);
      await runner.at("before complete");
      await callers.kill();
      await runner.open("before complete");
      const id = await executionOf(world, call);
      await until("the report has been tried in vain", async () => {
        const { raw } = await world.runnerClient.workflow.getHandle(id).describe();
        return raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) > 1) ?? false;
      });
      await callers.start();
      await expectCompletedOnce(world, call);
      await runnerResult(world, id);
      expect(await reportsOf(world, id)).toEqual(["CompleteExternalActivity: reported"]);
    });
  },
);
