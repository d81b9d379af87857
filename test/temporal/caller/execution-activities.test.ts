import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { CompleteAsyncError, type Info } from "@temporalio/activity";
import {
  ActivityCancellationDetails,
  ApplicationFailure,
  CancelledFailure,
} from "@temporalio/common";
import { describe, expect, it } from "vitest";
import type { AgentExecution } from "../../../src/agentexecution/v1.js";
import type { Execution, ExecutionStatus } from "../../../src/execution/execution.js";
import { traceContextOf } from "../../../src/handshake/trace-context-of.js";
import {
  createExecutionActivities,
  type ExecutionActivitiesOptions,
} from "../../../src/temporal/caller/execution-activities.js";
import { cutFieldsOf } from "../../../src/temporal/payload/fit-status.js";
import { createExecutionService } from "../../../src/testing/index.js";
import {
  callbackToken,
  describeCallbackToken,
  getCallbackToken,
  hasCallbackToken,
} from "../../../src/token/index.js";
import type { WorkflowExecution } from "../../../src/workflowexecution/v1.js";
import {
  EXECUTION_CANCELLED,
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  EXECUTION_PENDING,
  end,
  idOf,
  inMemory,
  kinds,
  leaksOf,
  newToken,
  rejection,
} from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";
import { clientsOver } from "../world/clients-over.js";

describe.each(kinds)("the activity of a caller, for a $name,", (kind) => {
  async function start(options: ExecutionActivitiesOptions = {}, ...interceptors: Interceptor[]) {
    const { transport, openStreams } = await inMemory(createExecutionService(), { interceptors });
    const client = kind.connect(transport);
    const activities = createExecutionActivities(clientsOver(transport), options);
    const execute = (request: Execution = kind.valid()): Promise<ExecutionStatus> =>
      kind.idPrefix === "aex"
        ? activities.ExecuteAgent(request as AgentExecution)
        : activities.ExecuteWorkflow(request as WorkflowExecution);
    /** The one execution, once the activity follows it. */
    const followed = async () => {
      while (openStreams() === 0) await setImmediate();
      const [execution, ...others] = (await client.list({})).entries as [Execution];
      expect(others).toEqual([]);
      return execution;
    };
    return { client, activities, execute, followed };
  }
  const attemptWith = (info: Partial<Info> = {}) => attemptOf({ taskToken: newToken(), ...info });
  /** A service that never answers, and says when it is asked. */
  const silent = () => {
    const asked = new EventTarget();
    const isAsked = once(asked, "call");
    const interceptor: Interceptor = () => () => {
      asked.dispatchEvent(new Event("call"));
      return new Promise(() => {});
    };
    return { interceptor, isAsked };
  };

  it("goes pending with the token of its task", async () => {
    const { client, execute } = await start();
    const { run, context } = attemptWith();
    expect(await rejection(run(execute))).toBeInstanceOf(CompleteAsyncError);
    const [execution] = (await client.list({})).entries as [Execution];
    expect(getCallbackToken(execution)).toEqual(context.info.taskToken);
  });

  it.each<[string, ExecutionActivitiesOptions, Partial<Info>]>([
    ["that is told to wait by subscription", { wait: "subscription" }, {}],
    ["that is local", {}, { isLocal: true }],
  ])("%s follows the execution, which has no token", async (_, options, info) => {
    const { client, execute, followed } = await start(options);
    const result = attemptWith(info).run(execute);
    const execution = await followed();
    expect(hasCallbackToken(execution)).toBe(false);
    const { status } = await end(client, idOf(execution), EXECUTION_COMPLETED);
    expect(await result).toEqual(status);
  });

  it("outside of an activity waits by subscribing, without a token", async () => {
    const { client, execute, followed } = await start();
    const result = execute();
    const execution = await followed();
    expect(hasCallbackToken(execution)).toBe(false);
    await end(client, idOf(execution), EXECUTION_COMPLETED);
    expect((await result).phase).toBe(EXECUTION_COMPLETED);
  });

  it.each([
    { phase: EXECUTION_FAILED, type: "ExecutionFailed" },
    { phase: EXECUTION_CANCELLED, type: "ExecutionCancelled" },
  ])("throws the status of an execution that ends so: $type", async ({ phase, type }) => {
    for (const within of [attemptWith().run, <T>(call: () => Promise<T>) => call()]) {
      const { client, execute, followed } = await start({ wait: "subscription" });
      const failure = rejection(within(execute));
      const execution = await followed();
      await end(client, idOf(execution), phase, "out of stock");
      expect(await failure).toBeInstanceOf(ApplicationFailure);
      expect(await failure).toMatchObject({
        type,
        message: "out of stock",
        nonRetryable: true,
        details: [{ phase, error: "" }],
      });
    }
  });

  it("says why the service refuses a request, and is not retried", async () => {
    const { execute } = await start();
    const invalid = Object.assign(kind.valid(), { kind: "Order" });
    const ways = [() => execute(invalid), () => attemptWith().run(() => execute(invalid))];
    for (const run of ways) {
      const error = await rejection(run());
      expect(error).toBeInstanceOf(ApplicationFailure);
      expect(error).toMatchObject({
        type: "ExecutionRefused",
        nonRetryable: true,
        message: expect.stringContaining("kind"),
      });
    }
  });

  it("is retried while the service is away", async () => {
    const { execute } = await start({}, () => async () => {
      throw new ConnectError("away", Code.Unavailable);
    });
    expect(await rejection(attemptWith().run(execute))).toMatchObject({ code: Code.Unavailable });
  });

  it("logs that the service refuses a request, and why", async () => {
    const { execute } = await start();
    const { run, context, logged } = attemptWith({ attempt: 2 });
    const invalid = Object.assign(kind.valid({ id: `${kind.idPrefix}-1` }), { kind: "Order" });
    const { message } = (await rejection(run(() => execute(invalid)))) as Error;
    expect(logged).toEqual([
      {
        message: "the execution was refused",
        meta: {
          executionId: `${kind.idPrefix}-1`,
          callbackToken: describeCallbackToken(callbackToken(context.info.taskToken)),
          attempt: 2,
          cause: message,
        },
      },
    ]);
    expect(leaksOf(logged)).toEqual([]);
  });

  it("gives the execution the trace context of the attempt that creates it", async () => {
    let attempts = 0;
    const { client, execute } = await start({
      injectTraceContext: (carrier) => {
        carrier.traceparent = `of attempt ${++attempts}`;
      },
    });
    const stored = async () => (await client.list({})).entries as [Execution];
    await rejection(attemptWith().run(execute));
    expect(traceContextOf((await stored())[0])).toEqual({ traceparent: "of attempt 1" });

    // The span of the next attempt is another one, and its request the same.
    const second = attemptWith({ attempt: 2 });
    expect(await rejection(second.run(execute))).toBeInstanceOf(CompleteAsyncError);
    const [execution, ...others] = await stored();
    expect([attempts, others]).toEqual([2, []]);
    expect(getCallbackToken(execution)).toEqual(second.context.info.taskToken);
    expect(traceContextOf(execution)).toEqual({ traceparent: "of attempt 1" });
  });

  it("refuses for good a request that is no message any more", async () => {
    const { client, execute } = await start();
    const plain = JSON.parse(JSON.stringify(kind.valid({ token: newToken() })));
    expect(await rejection(attemptWith().run(() => execute(plain)))).toMatchObject({
      type: "PayloadConverterMissing",
      nonRetryable: true,
    });
    expect((await client.list({})).entries).toEqual([]);
  });

  it.each<[string, Partial<Info>]>([
    ["start-to-close", { startToCloseTimeoutMs: 1 }],
    ["heartbeat", { startToCloseTimeoutMs: 60_000, heartbeatTimeoutMs: 1 }],
  ])("gives its calls up with the %s timeout, and says nothing more", async (_, info) => {
    const { execute } = await start({}, silent().interceptor);
    expect(await rejection(attemptWith(info).run(execute))).toBeInstanceOf(CompleteAsyncError);
  });

  it("gives nothing up with the heartbeat timeout when it heartbeats itself", async () => {
    const { client, execute, followed } = await start({ wait: "subscription" });
    const { run, heartbeats } = attemptWith({ heartbeatTimeoutMs: 3 });
    const result = run(execute);
    const execution = await followed();
    while (heartbeats.length < 10) await setImmediate();
    await end(client, idOf(execution), EXECUTION_COMPLETED);
    expect((await result).phase).toBe(EXECUTION_COMPLETED);
  });

  it("gives its calls up when it is cancelled, and ends so", async () => {
    const { interceptor, isAsked } = silent();
    const { execute } = await start({}, interceptor);
    const { run, cancel } = attemptWith();
    const ended = rejection(run(execute));
    await isAsked;
    cancel();
    expect(await ended).toBeInstanceOf(CancelledFailure);
  });

  it("stops waiting in the worker when it is cancelled, and leaves the execution alone", async () => {
    const { client, execute, followed } = await start({ wait: "subscription" });
    const { run, cancel } = attemptWith();
    const ended = rejection(run(execute));
    const execution = await followed();
    cancel();
    expect(await ended).toBeInstanceOf(CancelledFailure);
    const { status } = await client.get({ value: idOf(execution) });
    expect(status?.phase).toBe(EXECUTION_PENDING);
  });

  it("says nothing more when its server does not know the attempt any more", async () => {
    const { interceptor, isAsked } = silent();
    const { execute } = await start({}, interceptor);
    const { run, cancel } = attemptWith();
    const ended = rejection(run(execute));
    await isAsked;
    cancel("NOT_FOUND", new ActivityCancellationDetails({ notFound: true }));
    expect(await ended).toBeInstanceOf(CompleteAsyncError);
  });

  it("fails after so many silent attempts, when it is told how many", async () => {
    const { execute } = await start({ maxSilentAttempts: 1 });
    const first = attemptWith();
    expect(await rejection(first.run(execute))).toBeInstanceOf(CompleteAsyncError);
    const [heartbeatDetails] = first.heartbeats;
    const second = attemptWith({ attempt: 2, heartbeatDetails });
    expect(await rejection(second.run(execute))).toMatchObject({ type: "ExecutionSilent" });
  });

  it("cuts what is larger than it is told that a payload may be, also when it only looks", async () => {
    const { client, activities, execute } = await start({ payloadLimit: 64 * 1024 });
    await rejection(attemptWith().run(execute));
    const [execution] = (await client.list({})).entries as [Execution];
    const id = idOf(execution);
    await end(client, id, EXECUTION_COMPLETED, "careful".repeat(10_000));
    const look = activities.ReadOutcome(id, kind.idPrefix === "aex" ? "agent" : "workflow");
    for (const status of [await attemptWith({ attempt: 2 }).run(execute), await look]) {
      expect(status.phase).toBe(EXECUTION_COMPLETED);
      expect(cutFieldsOf(status)).toEqual(["error"]);
    }
  });
});
