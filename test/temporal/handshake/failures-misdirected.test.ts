import { randomUUID } from "node:crypto";
import { type CallbackToken, callbackToken } from "@stigmer/apis";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import type { WorkflowHandle } from "@temporalio/client";
import { msToTs } from "@temporalio/common/lib/time.js";
import { expect, it, vi } from "vitest";
import { useServer } from "../world/in-world.js";
import {
  executionOf,
  expectCompletedOnce,
  expectLogged,
  failed,
  finish,
  reportsOf,
  runnerResult,
} from "../world/observe.js";
import { until, type World } from "../world/world.js";

vi.setConfig({ maxConcurrency: 6, testTimeout: 300_000 });

const callback = { reportTimeout: "5s" } as const;

const { describeInWorlds } = useServer();

/** What the caller gets in each case of this file: the status, by its next attempt. */
async function expectCompletedWithoutReport(world: World, call: WorkflowHandle): Promise<string> {
  await expectCompletedOnce(world, call);
  const id = await executionOf(world, call);
  expect(await runnerResult(world, id)).toMatchObject({
    phase: ExecutionPhase.EXECUTION_COMPLETED,
    output: { from: id },
  });
  return id;
}

/** Nobody heartbeats: the activity is retried while the execution runs, and after it has ended. */
async function finishAfterRetry(world: World, call: WorkflowHandle): Promise<void> {
  const id = await executionOf(world, call);
  await until(`${id} is re-armed`, () => world.rearmed() > 0);
  await finish(world, id);
}

describeInWorlds("a runner's token", (inWorld) => {
  const noTokens: ((token: CallbackToken) => Uint8Array)[] = [
    () => Uint8Array.from({ length: 132 }, (_, index) => (index * 167 + 13) % 256),
    () => new TextEncoder().encode("not a token"),
    () => new Uint8Array(1),
    (token) => token.subarray(0, token.length / 2),
  ];
  let dispatched = 0;

  it(
    "that is none is refused at the first try, and costs the caller another attempt at most",
    inWorld(
      async (world) => {
        const [, runner] = await Promise.all([
          world.startWorker("caller"),
          world.startWorker("runner"),
        ]);
        const calls = await Promise.all(noTokens.map(() => world.call("workflow", {})));
        for (const call of calls) {
          const id = await expectCompletedWithoutReport(world, call);
          const report = "CompleteExternalActivity: InvalidToken, not retried";
          expect(await reportsOf(world, id)).toEqual([report]);
        }
        expect(dispatched).toBe(noTokens.length);
        await expectLogged(runner, failed, noTokens.length);
      },
      { dispatchedToken: (token) => callbackToken(noTokens[dispatched++]?.(token) ?? token) },
    ),
  );

  it(
    "of a namespace that the server does not know is tried until the time for reports is over",
    inWorld(
      async (world) => {
        const [, runner] = await Promise.all([
          world.startWorker("caller"),
          world.startWorker("runner"),
        ]);
        const call = await world.call("workflow", { callback });
        const id = await expectCompletedWithoutReport(world, call);
        const report = "CompleteExternalActivity: HandshakeError, out of time";
        expect(await reportsOf(world, id)).toEqual([report]);
        await expectLogged(runner, failed);
      },
      { dispatchedToken: ofAnotherNamespace },
    ),
  );
});

describeInWorlds("a runner that reports to the wrong place", (inWorld) => {
  it(
    "a namespace that does not exist: tries until the time for reports is over",
    inWorld(async (world) => {
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { callerNamespace: "nowhere" }),
      ]);
      const call = await world.call("workflow", { untilFinished: true, callback });
      await finishAfterRetry(world, call);
      const id = await expectCompletedWithoutReport(world, call);
      const report = "CompleteExternalActivity: HandshakeError, out of time";
      expect(await reportsOf(world, id)).toEqual([report]);
      await expectLogged(runner, failed);
    }),
  );

  it(
    "another namespace: is refused at the first try",
    inWorld(async (world) => {
      const callerNamespace = `other-${randomUUID()}`;
      await registerNamespace(world, callerNamespace);
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        world.startWorker("runner", { callerNamespace }),
      ]);
      const call = await world.call("workflow", { untilFinished: true });
      await finishAfterRetry(world, call);
      const id = await expectCompletedWithoutReport(world, call);
      const report = "CompleteExternalActivity: InvalidToken, not retried";
      expect(await reportsOf(world, id)).toEqual([report]);
      await expectLogged(runner, failed);
    }),
  );

  it(
    "an address where nothing listens: tries until the time for reports is over",
    inWorld(async (world) => {
      const [, runner] = await Promise.all([
        world.startWorker("caller"),
        // Port 9, discard: nothing has been served there for decades.
        world.startWorker("runner", { callerAddress: "127.0.0.1:9" }),
      ]);
      const call = await world.call("workflow", { untilFinished: true, callback });
      await finishAfterRetry(world, call);
      const id = await expectCompletedWithoutReport(world, call);
      expect(await reportsOf(world, id)).toEqual(["CompleteExternalActivity: timed out"]);
      await expectLogged(runner, failed);
    }),
  );
});

/** A token begins with the id of its namespace: field 1, a UUID of 36 bytes. */
function ofAnotherNamespace(token: CallbackToken): CallbackToken {
  expect([...token.subarray(0, 2)]).toEqual([0x0a, 36]);
  const changed = Uint8Array.from(token);
  changed.set(new TextEncoder().encode(randomUUID()), 2);
  return callbackToken(changed);
}

async function registerNamespace(world: World, namespace: string): Promise<void> {
  const { workflowService } = world.client;
  const workflowExecutionRetentionPeriod = msToTs("1 day");
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  await until("the namespace is served", () =>
    workflowService.listOpenWorkflowExecutions({ namespace }).then(
      () => true,
      () => false,
    ),
  );
}
