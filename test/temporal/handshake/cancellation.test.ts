import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { CancelledFailure, TerminatedFailure } from "@temporalio/common";
import { expect, it, vi } from "vitest";
import { useServer } from "../world/in-world.js";
import {
  dropped,
  executionOf,
  expectLogged,
  expectOnce,
  failureOf,
  finish,
  patient,
  reportsOf,
  runnerResult,
  storedStatus,
  untilBeaten,
  untilPending,
  untilRunning,
} from "../world/observe.js";
import { until, type World } from "../world/world.js";

vi.setConfig({ maxConcurrency: 6, testTimeout: 300_000 });

const unawaited = { ...patient, cancellationType: "TRY_CANCEL" };
const { EXECUTION_CANCELLED, EXECUTION_COMPLETED, EXECUTION_IN_PROGRESS } = ExecutionPhase;

const { describeInWorlds } = useServer();

/** A call whose activity is pending, and whose execution runs until it is told to finish. */
async function startCall(
  world: World,
  kind: "workflow" | "agent",
  options: object,
  callback: object = {},
) {
  const [caller, runner] = await Promise.all([
    world.startWorker("caller"),
    world.startWorker("runner"),
  ]);
  const call = await world.call(kind, { untilFinished: true, callback }, options);
  const id = await executionOf(world, call);
  await untilRunning(world, id);
  await untilPending(call, caller);
  return { caller, runner, call, id };
}

describeInWorlds("a caller's workflow that is cancelled", (inWorld) => {
  for (const kind of ["workflow", "agent"] as const) {
    it(
      `and waits for that has the ${kind} execution cancelled, and ends cancelled itself`,
      inWorld(async (world) => {
        const { call, id } = await startCall(world, kind, patient);
        await call.cancel();
        expect(await failureOf(call)).toBeInstanceOf(CancelledFailure);
        expect((await call.describe()).status.name).toBe("CANCELLED");
        await expectOnce(world, call);
        expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_CANCELLED);
        expect((await runnerResult(world, id)).phase).toBe(EXECUTION_CANCELLED);
        expect(await reportsOf(world, id)).toEqual(["CancelExternalActivity: reported"]);
      }),
    );
  }

  it(
    "and does not wait ends at once; the execution goes on, and its report is dropped",
    inWorld(async (world) => {
      const { runner, call, id } = await startCall(world, "workflow", unawaited);
      await call.cancel();
      expect(await failureOf(call)).toBeInstanceOf(CancelledFailure);
      await untilBeaten(world, id, 2);
      expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_IN_PROGRESS);
      await finish(world, id);
      expect((await runnerResult(world, id)).phase).toBe(EXECUTION_COMPLETED);
      await expectLogged(runner, dropped);
      expect(world.created).toHaveLength(1);
    }),
  );

  it(
    "and does not wait has the execution cancelled after the heartbeats that may be missed",
    inWorld(async (world) => {
      const { runner, call, id } = await startCall(world, "agent", unawaited, {
        maxMissedHeartbeats: 3,
      });
      await call.cancel();
      expect(await failureOf(call)).toBeInstanceOf(CancelledFailure);
      expect((await runnerResult(world, id)).phase).toBe(EXECUTION_CANCELLED);
      expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_CANCELLED);
      await expectLogged(runner, dropped);
      expect(world.created).toHaveLength(1);
    }),
  );

  it(
    "while its worker is down has the execution cancelled as soon as there is one again",
    inWorld(async (world) => {
      const { caller, call, id } = await startCall(world, "workflow", patient);
      await caller.kill();
      await call.cancel();
      await world.startWorker("caller");
      expect(await failureOf(call)).toBeInstanceOf(CancelledFailure);
      await expectOnce(world, call);
      expect((await runnerResult(world, id)).phase).toBe(EXECUTION_CANCELLED);
    }),
  );

  it(
    "before its execution is created has it cancelled once it is",
    inWorld(async (world) => {
      const [caller] = await Promise.all([
        world.startWorker("caller", { gates: ["before create"] }),
        world.startWorker("runner"),
      ]);
      const call = await world.call("agent", { untilFinished: true }, patient);
      await caller.at("before create");
      await call.cancel();
      await until("the activity is asked to cancel", async () => {
        const { events } = await call.fetchHistory();
        return events?.some((event) => event.activityTaskCancelRequestedEventAttributes) ?? false;
      });
      await caller.open("before create");
      expect(await failureOf(call)).toBeInstanceOf(CancelledFailure);
      const id = await expectOnce(world, call);
      expect((await runnerResult(world, id)).phase).toBe(EXECUTION_CANCELLED);
    }),
  );

  // Temporal retries no activity that it has been asked to cancel.
  it(
    "while its runner is down is told that nobody confirmed it; the execution goes on after that",
    inWorld(async (world) => {
      const options = { ...patient, heartbeatTimeout: "10s" };
      const { runner, call, id } = await startCall(world, "workflow", options);
      await runner.kill();
      await call.cancel();
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionTimedOut",
        message:
          `${id}: nobody has confirmed its cancellation; ` +
          `last known: ${id} is EXECUTION_IN_PROGRESS`,
      });
      await expectOnce(world, call);
      expect(world.rearmed()).toBe(0);

      const next = await world.startWorker("runner");
      await finish(world, id);
      expect((await runnerResult(world, id)).phase).toBe(EXECUTION_COMPLETED);
      await expectLogged(next, dropped);
    }),
  );

  it(
    "with a runner that is killed before it has reported that ends cancelled as its execution has",
    inWorld(async (world) => {
      const options = { ...patient, heartbeatTimeout: "5s" };
      const { runner, call, id } = await startCall(world, "agent", options);
      runner.close("before reportCancellation");
      await call.cancel();
      await runner.at("before reportCancellation");
      await runner.kill();
      expect(await failureOf(call)).toBeInstanceOf(CancelledFailure);
      await expectOnce(world, call);
      expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_CANCELLED);
    }),
  );
});

// Longer than the activity waits for a heartbeat.
const cleanupMs = 8_000;

describeInWorlds("a cancellation is heard to the end", (inWorld) => {
  it(
    "by a caller whose execution takes long to clean up",
    inWorld(async (world) => {
      await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
      const call = await world.call("workflow", { untilFinished: true, cleanupMs });
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      await call.cancel();
      expect(await failureOf(call)).toBeInstanceOf(CancelledFailure);
      await expectOnce(world, call);
      expect(await reportsOf(world, id)).toEqual(["CancelExternalActivity: reported"]);
      expect(world.rearmed()).toBe(0);
    }),
  );

  it(
    "by one whose execution does not mind, and completes: it gets the result",
    inWorld(async (world) => {
      await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
      const plan = { untilFinished: true, cleanupMs, ignoresCancellation: true };
      const call = await world.call("agent", { ...plan, answer: "done all the same" });
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      await call.cancel();
      expect(await call.result()).toMatchObject({
        phase: EXECUTION_COMPLETED,
        messages: [{ content: "done all the same" }],
      });
      expect(await reportsOf(world, id)).toEqual(["CompleteExternalActivity: reported"]);
      expect(world.rearmed()).toBe(0);
    }),
  );

  it(
    "by a caller whose runner's workflow is cancelled, and takes long to clean up",
    inWorld(async (world) => {
      await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
      const call = await world.call("workflow", { untilFinished: true, cleanupMs });
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      await world.runnerClient.workflow.getHandle(id).cancel();
      expect(await failureOf(call)).toMatchObject({ type: "ExecutionCancelled" });
      expect(world.rearmed()).toBe(0);
    }),
  );

  it(
    "through three levels, each of which takes long to clean up",
    inWorld(async (world) => {
      await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
      const innermost = { untilFinished: true, cleanupMs };
      const middle = { cleanupMs, nested: { kind: "agent" as const, plan: innermost } };
      const outermost = { cleanupMs, nested: { kind: "workflow" as const, plan: middle } };
      const call = await world.call("workflow", outermost);
      await until("all three are created", () => world.created.length === 3);
      const ids = world.created.map(({ metadata }) => metadata?.id ?? "");
      await untilRunning(world, ids[2] ?? "");
      await call.cancel();
      expect(await failureOf(call)).toBeInstanceOf(CancelledFailure);
      for (const id of ids) {
        expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_CANCELLED);
        await runnerResult(world, id);
        expect(await reportsOf(world, id)).toEqual(["CancelExternalActivity: reported"]);
      }
      expect(world.rearmed()).toBe(0);
    }),
  );
});

describeInWorlds("a caller's workflow that is terminated", (inWorld) => {
  it(
    "leaves the execution as it is: it goes on, and its report is dropped with a line in the log",
    inWorld(async (world) => {
      const { runner, call, id } = await startCall(world, "workflow", patient);
      await call.terminate();
      expect(await failureOf(call)).toBeInstanceOf(TerminatedFailure);
      await untilBeaten(world, id, 2);
      await finish(world, id);
      expect(await runnerResult(world, id)).toMatchObject({
        phase: EXECUTION_COMPLETED,
        output: { from: id },
      });
      await expectLogged(runner, dropped);
      const report = "CompleteExternalActivity: already-settled";
      expect(await reportsOf(world, id)).toEqual([report]);
    }),
  );

  it(
    "has the execution cancelled after the heartbeats that may be missed",
    inWorld(async (world) => {
      const { runner, call, id } = await startCall(world, "workflow", patient, {
        maxMissedHeartbeats: 3,
      });
      await call.terminate();
      expect((await runnerResult(world, id)).phase).toBe(EXECUTION_CANCELLED);
      expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_CANCELLED);
      await expectLogged(runner, dropped);
    }),
  );
});

describeInWorlds("an execution that is cancelled by others", (inWorld) => {
  it(
    "fails its caller with ExecutionCancelled, which is not retried",
    inWorld(async (world) => {
      const { call, id } = await startCall(world, "workflow", patient);
      await world.runnerClient.workflow.getHandle(id).cancel();
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionCancelled",
        details: [{ phase: EXECUTION_CANCELLED }],
      });
      await expectOnce(world, call);
      expect((await runnerResult(world, id)).phase).toBe(EXECUTION_CANCELLED);
    }),
  );
});
