import { randomUUID } from "node:crypto";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import type { WorkflowHandle } from "@temporalio/client";
import { expect, it, vi } from "vitest";
import { useServer } from "../world/in-world.js";
import {
  dropped,
  executionOf,
  expectCompletedOnce,
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

const { EXECUTION_COMPLETED, EXECUTION_IN_PROGRESS } = ExecutionPhase;

const { describeInWorlds } = useServer();

// Nobody waits for longer than this, whatever becomes of the runner.
const bounded = {
  scheduleToCloseTimeout: "15s",
  startToCloseTimeout: "15s",
  heartbeatTimeout: "2s",
} as const;

async function startCall(
  world: World,
  { plan = {}, options = bounded }: { plan?: object; options?: object } = {},
) {
  const [caller, runner] = await Promise.all([
    world.startWorker("caller"),
    world.startWorker("runner"),
  ]);
  const call = await world.call("workflow", { untilFinished: true, ...plan }, options);
  const id = await executionOf(world, call);
  await untilRunning(world, id);
  return { caller, runner, call, id, run: world.runnerClient.workflow.getHandle(id) };
}

async function expectTimedOut(call: WorkflowHandle, id: string): Promise<void> {
  expect(await failureOf(call)).toMatchObject({
    type: "ExecutionTimedOut",
    nonRetryable: true,
    message: `${id}: not seen to end within 15s; last known: ${id} is EXECUTION_IN_PROGRESS`,
  });
}

describeInWorlds("a runner's workflow", (inWorld) => {
  it(
    "that is terminated has its caller told what was last known, when the time of the wait is over",
    inWorld(async (world) => {
      const { call, id, run } = await startCall(world);
      await run.terminate("by an operator");
      await expectTimedOut(call, id);
      await expectOnce(world, call);
    }),
  );

  it(
    "that no worker runs any more has its caller told so, too",
    inWorld(async (world) => {
      const { runner, call, id } = await startCall(world);
      await runner.kill();
      await expectTimedOut(call, id);
    }),
  );

  it(
    "that fails by its failure types reports that it has failed",
    inWorld(async (world) => {
      await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { failureErrorTypes: ["TypeError"] }),
      ]);
      const call = await world.call("agent", { crashes: "undefined is not a function" }, patient);
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionFailed",
        message: "undefined is not a function",
      });
      const id = await expectOnce(world, call);
      await expect(runnerResult(world, id)).rejects.toThrow();
      expect(await reportsOf(world, id)).toEqual(["FailExternalActivity: reported"]);
    }),
  );

  it(
    "that is reset runs again, and its caller gets the result once",
    inWorld(async (world) => {
      const { call, id } = await startCall(world, { options: patient });
      await reset(world, id, "first");
      await finish(world, id);
      await expectCompleted(world, call, id);
    }),
  );

  it(
    "that ends without having published that gives its caller the result all the same",
    inWorld(async (world) => {
      const { call, id } = await startCall(world, {
        plan: { isUnpublished: true },
        options: patient,
      });
      await finish(world, id);
      expect(await call.result()).toMatchObject({
        phase: EXECUTION_COMPLETED,
        output: { from: id },
      });
      expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_IN_PROGRESS);
    }),
  );

  it(
    "that sends no heartbeats has its result taken by the attempt that waits then",
    inWorld(async (world) => {
      const { call, id } = await startCall(world, {
        plan: { callback: { heartbeatInterval: "1h" } },
        options: { ...patient, heartbeatTimeout: "2s" },
      });
      await until("re-armed twice", () => world.rearmed() > 1);
      await finish(world, id);
      await expectCompletedOnce(world, call);
    }),
  );
});

describeInWorlds("heartbeats and reports on a task queue of their own", (inWorld) => {
  it(
    "are made there, whatever the workers of the workflow do",
    inWorld(async (world) => {
      const taskQueue = `${world.runnerQueue}-reports`;
      await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner"),
        world.startWorker("runner", { taskQueue }),
      ]);
      const plan = { untilFinished: true, callback: { taskQueue } };
      const call = await world.call("workflow", plan, patient);
      const id = await executionOf(world, call);
      await untilBeaten(world, id, 4);
      await finish(world, id);
      await expectCompletedOnce(world, call);
      await runnerResult(world, id);
      const { events } = await world.runnerClient.workflow.getHandle(id).fetchHistory();
      const queues = (events ?? [])
        .map((event) => event.activityTaskScheduledEventAttributes)
        .filter((activity) => activity?.activityType?.name?.endsWith("ExternalActivity"))
        .map((activity) => activity?.taskQueue?.name);
      expect(queues).toEqual([taskQueue, taskQueue]);
    }),
  );
});

describeInWorlds("a caller that bounds its attempts without a sign of life", (inWorld) => {
  it(
    "fails when its runner is gone, and says which execution and what was last known",
    inWorld(async (world) => {
      const [, runner] = await Promise.all([
        world.startWorker("caller", { callerOptions: { maxSilentAttempts: 2 } }),
        world.startWorker("runner"),
      ]);
      const options = { ...patient, heartbeatTimeout: "2s" };
      const call = await world.call("workflow", { untilFinished: true }, options);
      const id = await executionOf(world, call);
      await untilRunning(world, id);
      await runner.kill();
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionSilent",
        message: `${id}: no sign of life in 2 attempts of its caller; last known: EXECUTION_IN_PROGRESS`,
      });
    }),
  );

  it(
    "waits on for a runner that heartbeats, however many attempts that takes",
    inWorld(async (world) => {
      await Promise.all([
        world.startWorker("caller", { callerOptions: { maxSilentAttempts: 1 } }),
        world.startWorker("runner"),
      ]);
      const options = { ...patient, startToCloseTimeout: "3s" };
      const call = await world.call("agent", { untilFinished: true }, options);
      const id = await executionOf(world, call);
      await until("re-armed three times", () => world.rearmed() > 2);
      await finish(world, id);
      await expectCompletedOnce(world, call);
    }),
  );
});

describeInWorlds("a parent that reports for the child that runs", (inWorld) => {
  async function startInChild(world: World, inChild: object = {}) {
    await Promise.all([world.startWorker("caller"), world.startWorker("runner")]);
    const call = await world.call("workflow", { untilFinished: true, inChild }, patient);
    const id = await executionOf(world, call);
    await untilRunning(world, id);
    return { call, id, child: world.runnerClient.workflow.getHandle(`${id}-run`) };
  }

  it(
    "gives the caller its result",
    inWorld(async (world) => {
      const { call, child } = await startInChild(world);
      await child.signal("finish");
      await expectCompletedOnce(world, call);
    }),
  );

  it(
    "fails the caller at once when the child is terminated",
    inWorld(async (world) => {
      const { call, id, child } = await startInChild(world);
      await child.terminate("by an operator");
      expect(await failureOf(call)).toMatchObject({ type: "ExecutionFailed" });
      expect(await expectOnce(world, call)).toBe(id);
      expect(world.rearmed()).toBe(0);
      expect((await storedStatus(world, id))?.phase).toBe(ExecutionPhase.EXECUTION_FAILED);
    }),
  );

  it(
    "fails the caller at once when the child times out",
    inWorld(async (world) => {
      const { call, id } = await startInChild(world, { runTimeout: "5s" });
      expect(await failureOf(call)).toMatchObject({ type: "ExecutionFailed" });
      expect(world.rearmed()).toBe(0);
      expect((await storedStatus(world, id))?.phase).toBe(ExecutionPhase.EXECUTION_FAILED);
    }),
  );

  it(
    "has the child cancelled with the caller",
    inWorld(async (world) => {
      const { call, id } = await startInChild(world);
      await call.cancel();
      await expect(call.result()).rejects.toThrow();
      expect((await call.describe()).status.name).toBe("CANCELLED");
      expect((await storedStatus(world, id))?.phase).toBe(ExecutionPhase.EXECUTION_CANCELLED);
    }),
  );
});

describeInWorlds("a caller's workflow", (inWorld) => {
  it(
    "that could wait for ever is refused before anything is asked for",
    inWorld(async (world) => {
      await world.startWorker("caller");
      const call = await world.call("agent", {}, { scheduleToCloseTimeout: 0 });
      expect(await failureOf(call)).toMatchObject({
        type: "ExecutionRefused",
        message: expect.stringContaining("expected a scheduleToCloseTimeout"),
      });
      expect(world.created).toEqual([]);
    }),
  );

  it(
    "that is reset to before it has asked asks anew; the report of what it had asked for is dropped",
    inWorld(async (world) => {
      const { caller, runner, call, id } = await startCall(world, { options: patient });
      await untilPending(call, caller);
      const again = await reset(world, call.workflowId, "first");
      await until("another execution is created", () => world.created.length === 2);
      const next = world.created[1]?.metadata?.id ?? "";
      await finish(world, next);
      await finish(world, id);
      expect(await again.result()).toMatchObject({ output: { from: next } });
      await runnerResult(world, id);
      await expectLogged(runner, dropped);
    }),
  );

  it(
    "that is reset while it waits goes on to wait for the same execution",
    inWorld(async (world) => {
      const { caller, call, id } = await startCall(world, { options: patient });
      await untilPending(call, caller);
      await call.signal("nudge");
      await until("the workflow has been nudged", async () => {
        return (await completedTasks(call)).length > 1;
      });
      const again = await reset(world, call.workflowId, "last");
      await until("the execution is re-armed", () => world.rearmed() > 0);
      await finish(world, id);
      expect(await again.result()).toMatchObject({ output: { from: id } });
      expect(world.created).toHaveLength(1);
    }),
  );

  it(
    "whose activity an operator resets, so that it counts from 1 again, makes no second execution",
    inWorld(async (world) => {
      const { caller, call, id } = await startCall(world, {
        plan: { callback: { heartbeatInterval: "1h" } },
        options: { ...patient, heartbeatTimeout: "3s", retry: { initialInterval: "2m" } },
      });
      await untilPending(call, caller);
      const attempts = async () => {
        const { raw } = await call.describe();
        return raw.pendingActivities?.map(({ attempt }) => attempt);
      };
      await until("the first attempt is over", async () => (await attempts())?.[0] === 2);
      await world.client.workflowService.resetActivity({
        namespace: "default",
        execution: { workflowId: call.workflowId },
        id: "1",
        resetHeartbeat: true,
      });
      await until("the execution is re-armed", () => world.rearmed() > 0);
      expect(await attempts()).toEqual([1]);
      await finish(world, id);
      await expectCompletedOnce(world, call);
      expect(world.calls("create")).toBe(1);
    }),
  );
});

async function expectCompleted(world: World, call: WorkflowHandle, id: string): Promise<void> {
  expect(await call.result()).toMatchObject({ phase: EXECUTION_COMPLETED, output: { from: id } });
  expect(world.created).toHaveLength(1);
}

/** The ids of the events that the tasks of a workflow have ended with. */
async function completedTasks(handle: WorkflowHandle) {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .filter((event) => event.workflowTaskCompletedEventAttributes)
    .map(({ eventId }) => eventId);
}

/** Resets a workflow to its first or last task. */
async function reset(
  world: World,
  workflowId: string,
  task: "first" | "last",
): Promise<WorkflowHandle> {
  const handle = world.client.workflow.getHandle(workflowId);
  const tasks = await completedTasks(handle);
  const { runId } = await world.client.workflowService.resetWorkflowExecution({
    namespace: "default",
    workflowExecution: { workflowId },
    requestId: randomUUID(),
    reason: "a test",
    workflowTaskFinishEventId: tasks.at(task === "first" ? 0 : -1) ?? null,
  });
  return world.client.workflow.getHandle(workflowId, runId ?? undefined);
}
