import { create, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AgentExecutionStatusSchema, MessageType } from "../../../src/agentexecution/v1.js";
import type { Execution } from "../../../src/execution/execution.js";
import {
  type ActivityCompleter,
  type ExecutionQueries,
  HandshakeError,
} from "../../../src/handshake/index.js";
import type { HeartbeatOptions } from "../../../src/temporal/runner/heartbeating.js";
import {
  createSystemActivities,
  type SystemActivities,
} from "../../../src/temporal/runner/system-activities.js";
import type { TemporalCompleter } from "../../../src/temporal/runner/temporal-completer.js";
import { createActivityEngine, createExecutionService } from "../../../src/testing/index.js";
import { formatCallbackToken, setCallbackToken } from "../../../src/token/index.js";
import { WorkflowExecutionStatusSchema } from "../../../src/workflowexecution/v1.js";
import {
  agentKind,
  EXECUTION_CANCELLED,
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  EXECUTION_IN_PROGRESS,
  end,
  inMemory,
  kinds,
  leaksOf,
  newToken,
  present,
  rejection,
  secretValue,
  startWaiting,
  workflowKind,
} from "../../testing/fixtures.js";
import { type Attempt, attemptOf } from "../activity-context.js";

const goReport = "stigmer/system/complete-external-activity";

/** Activities of a runner, a waiting activity, and the execution that has its token. */
async function start(kind = kinds[0]) {
  const { idPrefix, connect, valid } = present(kind);
  const { transport } = await inMemory(createExecutionService());
  const client = connect(transport);
  const engine = createActivityEngine();
  const { handle, token, retry, attempts } = await startWaiting(engine);
  const id = `${idPrefix}-1`;
  const execution = await client.create(valid({ id, token: token() }));

  const calls: string[] = [];
  const json: JsonValue[] = [];
  const counted = Object.fromEntries(
    Object.entries(engine).map(([name, call]) => [
      name,
      (...args: never[]) => {
        calls.push(name);
        return (call as (...args: never[]) => unknown)(...args);
      },
    ]),
  ) as unknown as typeof engine;
  const completer: TemporalCompleter = {
    ...counted,
    completeWithJson: (token, value) => {
      json.push(value);
      const status = create(WorkflowExecutionStatusSchema, { phase: EXECUTION_COMPLETED });
      return engine.complete(token, status);
    },
  };
  const readerOf = (reader: ExecutionQueries<Execution>): ExecutionQueries<never> => ({
    get: (request, options) => {
      calls.push("read");
      return reader.get(request, options) as Promise<never>;
    },
  });
  const activities = createSystemActivities({
    completer,
    executions: {
      workflow: { queries: readerOf(workflowKind.connect(transport)) },
      agent: { queries: readerOf(agentKind.connect(transport)) },
    },
  });
  const rearm = async () => {
    const next = await retry();
    setCallbackToken(execution, next);
    await client.update(execution);
    return next;
  };
  return { activities, client, id, handle, token, attempts, retry, rearm, calls, json };
}

/** Activities whose completer or reader are as given, and whatever is not given must not be used. */
function activitiesWith(
  completer: Partial<ActivityCompleter>,
  get: ExecutionQueries<never>["get"] = async () => expect.fail("expected no read"),
): SystemActivities {
  const unexpected = async (): Promise<never> => expect.fail("expected no such call");
  const others = { complete: unexpected, fail: unexpected, reportCancellation: unexpected };
  return createSystemActivities({
    completer: { ...others, heartbeat: unexpected, ...completer },
    executions: { workflow: { queries: { get } }, agent: { queries: { get } } },
  });
}

/** The failure of an activity, known to show no secret. */
async function failureOf(call: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await rejection(call);
  if (!(error instanceof ApplicationFailure)) throw error;
  return error;
}

function statusOf(phase: number, given: { error?: string; output?: JsonObject } = {}) {
  return create(WorkflowExecutionStatusSchema, { phase, ...given });
}

/** What the default converter makes of bytes. */
function throughJson(bytes: Uint8Array): Uint8Array {
  return JSON.parse(JSON.stringify(bytes)) as Uint8Array;
}

describe("a report", () => {
  it("completes the waiting activity with the status, and says so in the log", async () => {
    const { activities, id, handle, token } = await start();
    const attempt = attemptOf();
    const status = statusOf(EXECUTION_COMPLETED, { output: { n: 1 } });
    const report = () => activities.CompleteExternalActivity(token(), status, id);
    expect(await attempt.run(report)).toBe("reported");
    expect(await handle.result).toEqual({ outcome: "completed", status });
    expect(attempt.logged).toEqual([
      {
        message: "reported to the waiting activity",
        meta: { executionId: id, callbackToken: expect.stringContaining("sha256:") },
      },
    ]);
    expect(leaksOf(attempt.logged)).toEqual([]);
  });

  it("finds the token that the caller has re-armed the execution with", async () => {
    const { activities, id, handle, token, rearm } = await start();
    const first = token();
    await rearm();
    const status = statusOf(EXECUTION_COMPLETED);
    const report = () => activities.CompleteExternalActivity(first, status, id);
    expect(await attemptOf().run(report)).toBe("reported");
    expect(await handle.result).toEqual({ outcome: "completed", status });
  });

  it("of a worker that gives no id reads nothing, and is dropped when nobody waits", async () => {
    const { activities, token, rearm, calls } = await start();
    const first = token();
    await rearm();
    const attempt = attemptOf();
    const status = statusOf(EXECUTION_COMPLETED);
    expect(await attempt.run(() => activities.CompleteExternalActivity(first, status))).toBe(
      "already-settled",
    );
    expect(calls).toEqual(["complete"]);
    expect(attempt.logged.map(({ message }) => message)).toEqual([
      "no activity waits for this report; dropped",
    ]);
    expect(leaksOf(attempt.logged)).toEqual([]);
  });

  it("gives the completer the execution, for callers that want the whole", async () => {
    const { id, client, token } = await start();
    const given: unknown[] = [];
    const whole = createSystemActivities({
      completer: {
        ...createActivityEngine(),
        complete: async (_token, _status, readExecution) => {
          given.push(await readExecution?.());
          return "settled";
        },
      },
      executions: {
        workflow: { queries: client as unknown as ExecutionQueries<never> },
        agent: { queries: { get: async () => expect.fail("not an agent's") } },
      },
    });
    const status = statusOf(EXECUTION_COMPLETED);
    await attemptOf().run(() => whole.CompleteExternalActivity(token(), status, id));
    await attemptOf().run(() => whole.CompleteExternalActivity(token(), status));
    expect(given).toEqual([await client.get({ value: id }), undefined]);
  });

  it.each(kinds)(
    "of a failure is a failed status of a $name, unless one is given",
    async (kind) => {
      const { activities, id, handle, token } = await start(kind);
      await attemptOf().run(() => activities.FailExternalActivity(token(), "disk full", id));
      const result = await handle.result;
      expect(result).toMatchObject({ outcome: "failed", message: "disk full" });
      expect("status" in result && result.status).toMatchObject({
        $typeName: present(kind.valid({ status: { phase: 1 } }).status).$typeName,
        phase: EXECUTION_FAILED,
        error: "disk full",
      });
    },
  );

  it.each(kinds)("of a cancellation is a cancelled status of a $name", async (kind) => {
    const { activities, id, handle, token } = await start(kind);
    await attemptOf().run(() => activities.CancelExternalActivity(token(), "stopped", id));
    expect(await handle.result).toMatchObject({
      outcome: "cancelled",
      status: { phase: EXECUTION_CANCELLED, error: "stopped" },
    });
  });

  it("of a cancellation puts its message into a status that has none", async () => {
    for (const [error, expected] of [
      ["", "stopped"],
      ["by hand", "by hand"],
    ] as const) {
      const { activities, id, handle, token } = await start();
      const status = statusOf(EXECUTION_CANCELLED, { error, output: { n: 1 } });
      const report = () => activities.CancelExternalActivity(token(), "stopped", id, status);
      await attemptOf().run(report);
      expect(await handle.result).toMatchObject({ status: { error: expected, output: { n: 1 } } });
      expect(status.error).toBe(error);
    }
  });
});

describe("what no other attempt would change", () => {
  const status = statusOf(EXECUTION_COMPLETED);
  const calls: Record<string, (activities: SystemActivities, token: Uint8Array) => unknown> = {
    CompleteExternalActivity: (activities, token) =>
      activities.CompleteExternalActivity(token, status, "wex-1"),
    FailExternalActivity: (activities, token) =>
      activities.FailExternalActivity(token, "disk full", "wex-1"),
    CancelExternalActivity: (activities, token) =>
      activities.CancelExternalActivity(token, "stopped", "wex-1"),
    HeartbeatExternalActivity: (activities, token) =>
      activities.HeartbeatExternalActivity(token, "wex-1"),
  };
  const fails = (code: "invalid-token" | "too-large" | "unavailable") => {
    const fail = async (): Promise<never> => {
      throw new HandshakeError(code, `the engine says ${code}`);
    };
    return { complete: fail, fail, reportCancellation: fail, heartbeat: fail };
  };

  it.each(Object.entries(calls))(
    "is for %s a token that came through a converter that knows no messages",
    async (_, call) => {
      const activities = activitiesWith({});
      const attempt = attemptOf();
      const failure = await failureOf(
        attempt.run(async () => call(activities, throughJson(newToken()))),
      );
      expect(failure).toMatchObject({ type: "PayloadConverterMissing", nonRetryable: true });
      expect(failure.message).toContain("callback token");
      expect(leaksOf(attempt.logged)).toEqual([]);
    },
  );

  it.each(Object.entries(calls))("is for %s a token that is empty", async (_, call) => {
    const activities = activitiesWith({});
    const failure = await failureOf(
      attemptOf().run(async () => call(activities, new Uint8Array())),
    );
    expect(failure).toMatchObject({ type: "InvalidToken", nonRetryable: true });
  });

  it.each(Object.entries(calls))("is for %s a token of another server", async (_, call) => {
    const activities = activitiesWith(createActivityEngine());
    const failure = await failureOf(attemptOf().run(async () => call(activities, newToken())));
    expect(failure).toMatchObject({ type: "InvalidToken", nonRetryable: true });
  });

  it.each(Object.entries(calls))("is for %s what the server finds too large", async (_, call) => {
    const activities = activitiesWith(fails("too-large"));
    const failure = await failureOf(attemptOf().run(async () => call(activities, newToken())));
    expect(failure).toMatchObject({
      type: "TooLarge",
      nonRetryable: true,
      message: "the engine says too-large",
    });
  });

  it.each(Object.entries(calls))("is for %s no server that is away", async (_, call) => {
    const activities = activitiesWith(fails("unavailable"));
    const error = await rejection(attemptOf().run(async () => call(activities, newToken())));
    expect(error).toMatchObject({ name: "HandshakeError", code: "unavailable" });
  });
});

describe("a heartbeat", () => {
  /** The next attempt of a heartbeat: with the details that the last one has left. */
  async function beat(
    activities: SystemActivities,
    token: Uint8Array,
    id: string,
    options?: HeartbeatOptions,
    before?: Attempt,
  ) {
    const attempt = attemptOf({ heartbeatDetails: before?.heartbeats.at(-1) });
    const call = attempt.run(() => activities.HeartbeatExternalActivity(token, id, options));
    const news = await call.catch((error: unknown) => error);
    expect(leaksOf(attempt.logged)).toEqual([]);
    return { attempt, news };
  }

  const goesOn = expect.objectContaining({
    type: "ExecutionGoesOn",
    nonRetryable: false,
    category: ApplicationFailureCategory.BENIGN,
  });

  it("is one call to the caller's server, and no read, while the activity waits", async () => {
    const { activities, id, token, calls, attempts, retry } = await start();
    const { news, attempt } = await beat(activities, token(), id);
    expect(news).toEqual(goesOn);
    expect(calls).toEqual(["heartbeat"]);
    expect(attempt.heartbeats).toEqual([]);
    await retry();
    expect(attempts.at(-1)?.heartbeatDetails).toEqual({ executionId: id });
  });

  it("that finds no activity reads the execution once, and tells of the newer token", async () => {
    const { activities, id, token, rearm, calls } = await start();
    const first = token();
    const second = await rearm();
    const { news } = await beat(activities, first, id);
    expect(news).toEqual({ rearmed: formatCallbackToken(second) });
    expect(calls).toEqual(["heartbeat", "read", "heartbeat"]);
  });

  it("that finds no activity goes on when the execution has no newer token", async () => {
    const { activities, id, token, retry, calls } = await start();
    const first = token();
    await retry();
    expect((await beat(activities, first, id)).news).toEqual(goesOn);
    expect(calls).toEqual(["heartbeat", "read"]);
  });

  it("goes on when the newer token is dead, too", async () => {
    const { activities, id, token, rearm, retry, calls } = await start();
    const first = token();
    await rearm();
    await retry();
    expect((await beat(activities, first, id)).news).toEqual(goesOn);
    expect(calls).toEqual(["heartbeat", "read", "heartbeat"]);
  });

  it("goes on when nobody can tell the token of the execution", async () => {
    const heartbeat = async () => "not-found" as const;
    const lost = activitiesWith({ heartbeat }, async () => {
      throw new Error("connection lost");
    });
    expect((await beat(lost, newToken(), "wex-1")).news).toEqual(goesOn);
    const withheld = activitiesWith({ heartbeat }, async () => workflowKind.valid() as never);
    expect((await beat(withheld, newToken(), "wex-1")).news).toEqual(goesOn);
  });

  it("is not held by a service that never answers", async () => {
    const limit = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(limit.signal);
    onTestFinished(() => timeout.mockRestore());
    const activities = activitiesWith(
      { heartbeat: async () => "not-found" },
      (_, options) =>
        new Promise((_resolve, reject) => {
          const signal = present(options?.signal);
          signal.addEventListener("abort", () => reject(signal.reason));
          limit.abort();
        }),
    );
    expect((await beat(activities, newToken(), "wex-1")).news).toEqual(goesOn);
    // An attempt has 10 seconds, in which the newer token is to be heartbeated as well.
    expect(timeout.mock.calls).toEqual([[expect.any(Number)]]);
    expect(timeout.mock.calls[0]?.[0]).toBeLessThanOrEqual(5_000);
  });

  it("tells that the caller wants to cancel, and not again once that is known", async () => {
    const { activities, id, token, handle } = await start();
    handle.cancel();
    expect((await beat(activities, token(), id)).news).toBe("cancel-requested");
    const known = await beat(activities, token(), id, { isCancelling: true });
    expect(known.news).toEqual(goesOn);
    expect((await beat(activities, token(), id, { isCancelling: false })).news).toBe(
      "cancel-requested",
    );
  });

  it("tells that the caller is gone after so many in a row that have found no activity", async () => {
    const { activities, id, token, retry } = await start();
    const first = token();
    await retry();
    const options = { maxMissed: 3 };
    const one = await beat(activities, first, id, options);
    const two = await beat(activities, first, id, options, one.attempt);
    const three = await beat(activities, first, id, options, two.attempt);
    expect([one.news, two.news, three.news]).toEqual([goesOn, goesOn, "caller-gone"]);
    expect((await beat(activities, first, id, { maxMissed: 1 })).news).toBe("caller-gone");
  });

  it("counts anew once one has found the activity", async () => {
    const { activities, id, token, retry } = await start();
    const first = token();
    const second = await retry();
    const options = { maxMissed: 2 };
    const missed = await beat(activities, first, id, options);
    const found = await beat(activities, second, id, options, missed.attempt);
    const again = await beat(activities, first, id, options, found.attempt);
    expect([missed.news, found.news, again.news]).toEqual([goesOn, goesOn, goesOn]);
    expect((await beat(activities, first, id, options, again.attempt)).news).toBe("caller-gone");
  });

  it("heartbeats for itself only when it has to count", async () => {
    const { activities, id, token, retry } = await start();
    const first = token();
    await retry();
    expect((await beat(activities, first, id)).attempt.heartbeats).toEqual([]);
    expect((await beat(activities, first, id, {})).attempt.heartbeats).toEqual([]);
    expect((await beat(activities, first, id, { maxMissed: 9 })).attempt.heartbeats).toEqual([
      { missed: 1 },
    ]);
  });
});

describe("a report of Stigmer's workflows in Go", () => {
  const report = (
    activities: SystemActivities,
    CallbackToken: string | null,
    Result: JsonValue,
    error: JsonValue = null,
  ) => {
    const attempt = attemptOf();
    const call = attempt.run(() => activities[goReport]({ CallbackToken, Result, Error: error }));
    return call.finally(() => expect(leaksOf(attempt.logged)).toEqual([]));
  };

  /** A whole execution as Go's encoding/json writes it when its run starts. */
  function goJson(id: string, token: Uint8Array): JsonObject {
    return {
      metadata: { id, name: "Nightly report", owner_scope: 1 },
      spec: {
        workflow_id: "wf-1",
        callback_token: Buffer.from(token).toString("base64"),
        runtime_env: {
          API_KEY: { value: secretValue, is_secret: true },
          REGION: { value: "eu" },
        },
      },
      status: { phase: 1, audit: { spec_audit: { created_at: { seconds: 7, nanos: 1 } } } },
    };
  }

  it.each([null, ""])("does nothing when the token is %j", async (token) => {
    await report(activitiesWith({}), token, { a: 1 });
  });

  it("completes with plain JSON as it is", async () => {
    for (const result of [{ answer: [1, "two", null, { is_secret: false, value: "x" }] }, "done"]) {
      const { activities, token, handle, json } = await start();
      await report(activities, formatCallbackToken(token()), result);
      expect(json).toEqual([result]);
      expect(await handle.result).toMatchObject({ outcome: "completed" });
    }
  });

  it("completes with null when there is no result", async () => {
    const { activities, token, json } = await start();
    const withoutResult = { CallbackToken: formatCallbackToken(token()) };
    await attemptOf().run(() => activities[goReport](withoutResult as never));
    expect(json).toEqual([null]);
  });

  it("completes with a whole execution, but for its token and its secrets", async () => {
    const { activities, client, id, token, json } = await start();
    await end(client, id, EXECUTION_COMPLETED);
    const result = goJson(id, token());
    await report(activities, formatCallbackToken(token()), result);
    const expected = goJson(id, token()) as { spec: JsonObject };
    delete expected.spec.callback_token;
    expected.spec.runtime_env = { API_KEY: { is_secret: true }, REGION: { value: "eu" } };
    expect(json).toEqual([expected]);
    expect(leaksOf(json)).toEqual([]);
    expect(result).toEqual(goJson(id, token()));
  });

  it.each([
    { phase: EXECUTION_FAILED, outcome: "failed" },
    { phase: EXECUTION_CANCELLED, outcome: "cancelled" },
  ])("of an execution that has $outcome is no success", async ({ phase, outcome }) => {
    const { activities, client, id, token, handle, json } = await start();
    const ended = await end(client, id, phase, "out of stock");
    await report(activities, formatCallbackToken(token()), goJson(id, token()));
    expect(json).toEqual([]);
    expect(await handle.result).toMatchObject({ outcome, status: ended.status });
  });

  it("says why an agent has failed, which only its messages do", async () => {
    const { activities, client, id, token, handle } = await start(agentKind as never);
    await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
    const status = create(AgentExecutionStatusSchema, {
      phase: EXECUTION_FAILED as number,
      messages: [
        { type: MessageType.MESSAGE_HUMAN, content: "hello" },
        { type: MessageType.MESSAGE_SYSTEM, content: "no such model" },
      ],
    });
    await client.updateStatus(id, status as never);
    await report(activities, formatCallbackToken(token()), { metadata: { id } });
    expect(await handle.result).toMatchObject({ outcome: "failed", message: "no such model" });
  });

  it.each([
    ["{}", {}, "out of stock"],
    ["a text", "disk full", "disk full"],
    ["an error with a text", { message: "disk full" }, "disk full"],
  ])("with %s as its error fails the activity with what is known", async (_, error, text) => {
    const { activities, client, id, token, handle } = await start();
    await end(client, id, EXECUTION_FAILED, "out of stock");
    await report(activities, formatCallbackToken(token()), goJson(id, token()), error);
    expect(await handle.result).toMatchObject({ outcome: "failed", message: text });
  });

  it("with an error fails the activity also when the execution is not known to have failed", async () => {
    for (const result of [null, { metadata: { id: "wex-1" } }, { metadata: { id: "wex-none" } }]) {
      const { activities, token, handle } = await start();
      await report(activities, formatCallbackToken(token()), result, {});
      expect(await handle.result).toMatchObject({
        outcome: "failed",
        message: "the execution failed",
        status: { phase: EXECUTION_FAILED },
      });
    }
  });

  it("finds the execution of a workflow's output by its ExecutionID, and a newer token with it", async () => {
    const { activities, client, id, token, handle, rearm } = await start();
    const first = token();
    await rearm();
    const ended = await end(client, id, EXECUTION_FAILED, "out of stock");
    const output = { Result: null, FinalState: null, WorkflowName: "w", ExecutionID: id };
    await report(activities, formatCallbackToken(first), { ...output, ExecutionTime: null });
    expect(await handle.result).toMatchObject({
      outcome: "failed",
      message: "out of stock",
      status: ended.status,
    });
  });

  it("waits for the service, lest a failure pass for a success", async () => {
    const activities = activitiesWith({}, async () => {
      throw new ConnectError("away", Code.Unavailable);
    });
    const result = { metadata: { id: "wex-1" }, status: { phase: 1 } };
    const reporting = report(activities, formatCallbackToken(newToken()), result);
    await expect(reporting).rejects.toThrow("away");
  });

  it("completes with what it has when there is no such execution", async () => {
    const { activities, token, json } = await start();
    const result = { metadata: { id: "wex-none" }, status: { phase: 1 } };
    await report(activities, formatCallbackToken(token()), result);
    expect(json).toEqual([result]);
  });

  it("uses a completer that is an object of a class", async () => {
    class Completer {
      readonly settled: JsonValue[] = [];
      async completeWithJson(_: unknown, value: JsonValue) {
        this.settled.push(value);
        return "settled" as const;
      }
    }
    const completer = new Completer();
    const activities = createSystemActivities({
      completer: completer as unknown as TemporalCompleter,
      executions: activityReaders,
    });
    await report(activities, formatCallbackToken(newToken()), { a: 1 });
    expect(completer.settled).toEqual([{ a: 1 }]);
  });

  it("needs a completer of Temporal to complete with JSON", async () => {
    const error = await rejection(
      report(activitiesWith({}), formatCallbackToken(newToken()), { a: 1 }),
    );
    expect(error).toEqual(new TypeError("expected a TemporalCompleter"));
  });

  it("refuses a token that is no Base64, for good and without showing it", async () => {
    const call = report(activitiesWith({}), "open sesame!", null);
    const failure = await failureOf(call);
    expect(failure).toMatchObject({ type: "InvalidToken", nonRetryable: true });
    expect(failure.message).not.toContain("sesame");
  });

  it("refuses for good what the server finds too large", async () => {
    const completer = {
      ...createActivityEngine(),
      completeWithJson: async (): Promise<never> => {
        throw new HandshakeError("too-large", "2 MiB at most");
      },
    };
    const activities = createSystemActivities({ completer, executions: activityReaders });
    const failure = await failureOf(report(activities, formatCallbackToken(newToken()), { a: 1 }));
    expect(failure).toMatchObject({ type: "TooLarge", nonRetryable: true });
  });

  const noReads: ExecutionQueries<never> = { get: async () => expect.fail("expected no read") };
  const activityReaders = { workflow: { queries: noReads }, agent: { queries: noReads } };
});
