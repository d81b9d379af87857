import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { expect, it, vi } from "vitest";
import { useServer } from "../world/in-world.js";
import {
  dropped,
  executionOf,
  expectCompletedOnce,
  expectFailedOnce,
  expectLogged,
  finish,
  patient,
  reported,
  reportsOf,
  runnerResult,
  untilPending,
  untilRunning,
} from "../world/observe.js";
import { until } from "../world/world.js";

vi.setConfig({ maxConcurrency: 8, testTimeout: 300_000 });

const { describeInWorlds } = useServer();

describeInWorlds("a runner's worker that is killed", (inWorld) => {
  it(
    "while the body runs has it go on in the next one, for the caller's next attempt",
    inWorld(async (world) => {
      const [caller, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", { untilFinished: true });
      await untilPending(call, caller);
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      await runner.kill();
      await until("the caller's activity is retried", () => world.rearmed() > 0);
      await world.startWorker("runner");
      await finish(world, id);
      await expectCompletedOnce(world, call);
      expect((await runnerResult(world, id)).phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);
    }),
  );

  it(
    "before it has reported has the caller's next attempt take the status",
    inWorld(async (world) => {
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { gates: ["before complete"] }),
      ]);
      const call = await world.call("workflow", {});
      await runner.at("before complete");
      await runner.kill();
      await expectCompletedOnce(world, call);

      const id = await executionOf(world, call);
      const next = await world.startWorker("runner");
      expect((await runnerResult(world, id)).phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);
      await expectLogged(next, dropped);
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "before it has reported has the next one report, when the caller waits that long",
    inWorld(async (world) => {
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { gates: ["before complete"] }),
      ]);
      const call = await world.call("agent", {}, patient);
      await runner.at("before complete");
      await runner.kill();
      await world.startWorker("runner");
      await expectCompletedOnce(world, call);
      expect(world.calls("list")).toBe(0);
    }),
  );

  it(
    "after it has reported has the next one report again, which changes nothing",
    inWorld(async (world) => {
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { gates: ["after complete"] }),
      ]);
      const call = await world.call("workflow", {}, patient);
      await runner.at("after complete");
      await runner.kill();
      await expectCompletedOnce(world, call);

      const next = await world.startWorker("runner");
      const id = await executionOf(world, call);
      expect((await runnerResult(world, id)).phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);
      const report = "CompleteExternalActivity: already-settled";
      expect(await reportsOf(world, id)).toEqual([report]);
      await expectLogged(next, dropped);
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "before it has reported a failure has the caller's next attempt fail with it",
    inWorld(async (world) => {
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { gates: ["before fail"] }),
      ]);
      const call = await world.call("agent", { error: "out of stock" });
      await runner.at("before fail");
      await runner.kill();
      await expectFailedOnce(world, call, "out of stock");

      const id = await executionOf(world, call);
      const next = await world.startWorker("runner");
      expect((await runnerResult(world, id)).phase).toBe(ExecutionPhase.EXECUTION_FAILED);
      await expectLogged(next, dropped);
    }),
  );

  it(
    "after it has reported a failure has the next one report again, which changes nothing",
    inWorld(async (world) => {
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { gates: ["after fail"] }),
      ]);
      const call = await world.call("workflow", { error: "out of stock" }, patient);
      await runner.at("after fail");
      await runner.kill();
      await expectFailedOnce(world, call, "out of stock");

      const next = await world.startWorker("runner");
      const id = await executionOf(world, call);
      expect((await runnerResult(world, id)).phase).toBe(ExecutionPhase.EXECUTION_FAILED);
      const report = "FailExternalActivity: already-settled";
      expect(await reportsOf(world, id)).toEqual([report]);
      await expectLogged(next, dropped);
      await expectFailedOnce(world, call, "out of stock");
    }),
  );
});

describeInWorlds("a caller's worker that is killed", (inWorld) => {
  it(
    "before it has created the execution leaves that to the next attempt",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { gates: ["before create"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", {});
      await caller.at("before create");
      await caller.kill();
      await world.startWorker("caller");
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "after that, but before it is pending, has its execution found by its id and re-armed",
    inWorld(async (world) => {
      const caller = await world.startWorker("caller", { gates: ["after create"] });
      const call = await world.call("workflow", {});
      await caller.at("after create");
      await caller.kill();
      await world.startWorker("caller");
      await until("the execution is re-armed", () => world.rearmed() > 0);
      expect(world.calls("list")).toBe(0);
      // It was dispatched with the token of the first attempt.
      await world.startWorker("runner");
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "after that, but before it is pending, is not missed when the runner reports in time",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { gates: ["after create"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("agent", { untilFinished: true }, patient);
      await caller.at("after create");
      await caller.kill();
      const id = await executionOf(world, call);
      await finish(world, id);
      await runnerResult(world, id);
      await world.startWorker("caller");
      await expectCompletedOnce(world, call);
      expect(world.rearmed()).toBe(0);
    }),
  );

  it(
    "while it is pending is not missed: the result waits for the next worker",
    inWorld(async (world) => {
      const [caller, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", { untilFinished: true }, patient);
      await untilPending(call, caller);
      await caller.kill();
      const id = await executionOf(world, call);
      await finish(world, id);
      await runnerResult(world, id);
      await expectLogged(runner, reported);
      await world.startWorker("caller");
      await expectCompletedOnce(world, call);
      expect(world.rearmed()).toBe(0);
    }),
  );

  it(
    "while it follows the execution has the next one follow it",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { callerOptions: { wait: "subscription" } }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", { untilFinished: true });
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      await caller.kill();
      await world.startWorker("caller", { callerOptions: { wait: "subscription" } });
      await finish(world, id);
      await expectCompletedOnce(world, call);
      expect(world.rearmed()).toBe(0);
    }),
  );
});

describeInWorlds("a caller's attempt that has timed out", (inWorld) => {
  const silent = { heartbeatInterval: "1h" } as const;

  it(
    "without a heartbeat is followed by one that re-arms the execution that the details name",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", { untilFinished: true, callback: silent });
      await untilPending(call, caller);
      await until("the execution is re-armed", () => world.rearmed() > 0);
      await finish(world, await executionOf(world, call));
      await expectCompletedOnce(world, call);
      expect(world.calls("list")).toBe(0);
    }),
  );

  it(
    "with heartbeats, but past its start-to-close time, is followed by one that re-arms, too",
    inWorld(async (world) => {
      await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
      const options = { startToCloseTimeout: "3s" };
      const call = await world.call("agent", { untilFinished: true }, options);
      await until("the execution is re-armed twice", () => world.rearmed() > 1);
      await finish(world, await executionOf(world, call));
      await expectCompletedOnce(world, call);
      expect(world.calls("list")).toBe(0);
    }),
  );

  it(
    "in a worker that hangs before it is pending is followed by one that finds the execution",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { gates: ["after create"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", { untilFinished: true, callback: silent });
      await caller.at("after create");
      await until("the execution is re-armed", () => world.rearmed() > 0);
      expect(world.calls("list")).toBe(0);
      // The first attempt goes pending after the second.
      await caller.open("after create");
      await caller.idle();
      await finish(world, await executionOf(world, call));
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "in a worker that hangs before create sends nothing when it goes on",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { gates: ["before create"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", { untilFinished: true });
      await caller.at("before create");
      caller.pass("before create");
      const id = await executionOf(world, call);
      await caller.open("before create");
      await untilPending(call, caller);
      await finish(world, id);
      await expectCompletedOnce(world, call);
      expect(world.calls("create")).toBe(1);
    }),
  );

  it(
    "is followed by one that returns at once when the execution has ended",
    inWorld(async (world) => {
      const [caller, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { gates: ["before complete"] }),
      ]);
      const call = await world.call("workflow", { untilFinished: true });
      await untilPending(call, caller);
      const id = await executionOf(world, call);
      await finish(world, id);
      await runner.at("before complete");
      await expectCompletedOnce(world, call);
      expect(world.calls("list")).toBe(0);

      await runner.open("before complete");
      expect((await runnerResult(world, id)).phase).toBe(ExecutionPhase.EXECUTION_COMPLETED);
      await expectLogged(runner, dropped);
    }),
  );

  it(
    "before it was pending is followed by one that finds the execution, also when that has failed",
    inWorld(async (world) => {
      const [caller, runner] = await Promise.all([
        world.startWorker("caller", { gates: ["after create"] }),
        world.startWorker("runner", { gates: ["before fail"] }),
      ]);
      const call = await world.call("agent", { error: "out of stock", callback: silent });
      await caller.at("after create");
      await runner.at("before fail");
      await expectFailedOnce(world, call, "out of stock");
      expect(world.calls("list")).toBe(0);

      await runner.open("before fail");
      await runnerResult(world, await executionOf(world, call));
      await expectLogged(runner, dropped);
    }),
  );
});

describeInWorlds("an execution that ends", (inWorld) => {
  it(
    "before its caller is pending has its result, and the worker goes on with others",
    inWorld(async (world) => {
      const [caller, runner] = await Promise.all([
        world.startWorker("caller", { gates: ["after create"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("workflow", {}, patient);
      await caller.at("after create");
      await expectLogged(runner, reported);
      await runnerResult(world, await executionOf(world, call));
      await caller.open("after create");
      await expectCompletedOnce(world, call);
      await caller.idle();
      await expectCompletedOnce(world, await world.call("workflow", {}, patient));
    }),
  );
});
