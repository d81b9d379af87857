import { setImmediate } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { AgentExecutionStatusSchema } from "../../src/agentexecution/v1.js";
import type { ExecutionStatus } from "../../src/execution/execution.js";
import type { ActivityCompleter } from "../../src/handshake/index.js";
import {
  type ActivityAttempt,
  type ActivityResult,
  createActivityEngine,
  pending,
} from "../../src/testing/index.js";
import { type CallbackToken, callbackToken, formatCallbackToken } from "../../src/token/index.js";
import { WorkflowExecutionStatusSchema } from "../../src/workflowexecution/v1.js";
import {
  EXECUTION_COMPLETED,
  endings,
  handshakeRefusal,
  newToken,
  present,
  startWaiting,
} from "./fixtures.js";

const status: ExecutionStatus = create(WorkflowExecutionStatusSchema, {
  phase: EXECUTION_COMPLETED,
  error: "none",
});

/** The three ways to end an activity by its token, with what its caller sees. */
const reports: {
  name: string;
  report: (engine: ActivityCompleter, token: CallbackToken) => Promise<string>;
  result: ActivityResult;
}[] = [
  {
    name: "complete",
    report: (engine, token) => engine.complete(token, status),
    result: { outcome: "completed", status },
  },
  {
    name: "fail",
    report: (engine, token) => engine.fail(token, { message: "disk full", status }),
    result: { outcome: "failed", message: "disk full", status },
  },
  {
    name: "reportCancellation",
    report: (engine, token) => engine.reportCancellation(token, status),
    result: { outcome: "cancelled", status },
  },
];

describe("an activity", () => {
  it.each(endings)("whose function returns a $outcome status ends $outcome", async (ending) => {
    const engine = createActivityEngine();
    for (const returned of [
      create(WorkflowExecutionStatusSchema, { phase: ending.phase, error: "why" }),
      create(AgentExecutionStatusSchema, { phase: ending.phase as number, error: "why" }),
    ]) {
      const result = await engine.startActivity(async () => returned).result;
      expect(result).toMatchObject({ outcome: ending.outcome, status: returned });
      if (result.outcome === "failed") expect(result.message).toBe("why");
      returned.error = "changed afterwards";
      expect(result).toMatchObject({ status: { error: "why" } });
    }
  });

  it.each(reports)("that is pending is ended by $name, once", async ({ report, result }) => {
    const engine = createActivityEngine();
    const { handle, token, attempts } = await startWaiting(engine);
    expect(await engine.heartbeat(token())).toBe("recorded");
    expect(attempts[0]?.signal.aborted).toBe(false);
    expect(await report(engine, token())).toBe("settled");
    expect(await handle.result).toEqual(result);
    for (const again of reports) expect(await again.report(engine, token())).toBe("not-found");
    expect(await engine.heartbeat(token())).toBe("not-found");
    expect(await handle.result).toEqual(result);
    expect(attempts[0]?.signal.aborted).toBe(true);
    expect(attempts).toHaveLength(1);
  });

  it.each(reports)("may be ended by $name before its function has returned", async (ending) => {
    const engine = createActivityEngine();
    const { result } = engine.startActivity(async ({ token }) => {
      expect(await ending.report(engine, token)).toBe("settled");
      return pending;
    });
    expect(await result).toEqual(ending.result);
  });

  it.each([
    ["returns another status", async () => create(WorkflowExecutionStatusSchema)],
    ["throws", () => Promise.reject(new Error("too late"))],
  ])("that is ended by its token keeps that result when its function then %s", async (_, after) => {
    const engine = createActivityEngine();
    let attempts = 0;
    const { result } = engine.startActivity(async ({ token }) => {
      attempts++;
      await engine.complete(token, status);
      return after();
    });
    expect(await result).toEqual({ outcome: "completed", status });
    expect(attempts).toBe(1);
  });

  it("ends with a copy of the status that its token is completed with", async () => {
    const engine = createActivityEngine();
    const { handle, token } = await startWaiting(engine);
    const mine = create(WorkflowExecutionStatusSchema, { error: "as reported" });
    await engine.complete(token(), mine);
    mine.error = "changed afterwards";
    expect(await handle.result).toMatchObject({ status: { error: "as reported" } });
  });
});

describe("a retry", () => {
  it("follows what the function throws, under a new token, until one attempt succeeds", async () => {
    const engine = createActivityEngine();
    const seen: ActivityAttempt[] = [];
    const { result, activityId } = engine.startActivity(async (attempt) => {
      seen.push(attempt);
      if (attempt.attempt < 3) throw new Error("not yet");
      return status;
    });
    expect(await result).toEqual({ outcome: "completed", status });
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(seen.map((attempt) => attempt.activityId)).toEqual(Array(3).fill(activityId));
    expect(new Set(seen.map(({ token }) => formatCallbackToken(token))).size).toBe(3);
  });

  it("kills the token of the attempt before", async () => {
    const engine = createActivityEngine();
    const { handle, token, retry, attempts } = await startWaiting(engine);
    const old = token();
    await retry();
    expect(attempts[0]?.signal.aborted).toBe(true);
    expect(attempts[1]?.signal.aborted).toBe(false);
    for (const { report } of reports) expect(await report(engine, old)).toBe("not-found");
    expect(await engine.heartbeat(old)).toBe("not-found");
    expect(await engine.heartbeat(token())).toBe("recorded");
    expect(await engine.complete(token(), status)).toBe("settled");
    expect(await handle.result).toEqual({ outcome: "completed", status });
  });

  it.each([
    ["returns a status", async () => status],
    ["throws", () => Promise.reject(new Error("too late"))],
  ])("does not care when the function of an earlier attempt %s late", async (_, late) => {
    const engine = createActivityEngine();
    const attempts: ActivityAttempt[] = [];
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const handle = engine.startActivity(async (attempt) => {
      attempts.push(attempt);
      if (attempt.attempt > 1) return pending;
      await gate;
      return late();
    });
    while (attempts.length < 1) await setImmediate();
    handle.timeOutAttempt();
    while (attempts.length < 2) await setImmediate();
    goOn();
    await setImmediate();
    const { token, signal } = present(attempts[1]);
    expect(signal.aborted).toBe(false);
    expect(await engine.fail(token, { message: "disk full", status })).toBe("settled");
    expect(await handle.result).toEqual({ outcome: "failed", message: "disk full", status });
    expect(attempts).toHaveLength(2);
  });

  it.each([
    { maximumAttempts: 1, options: { maximumAttempts: 1 } },
    { maximumAttempts: 3, options: {} },
    { maximumAttempts: 5, options: { maximumAttempts: 5 } },
  ])("ends with the last error after $maximumAttempts attempts", async (limit) => {
    const engine = createActivityEngine();
    let attempts = 0;
    const { result } = engine.startActivity(async () => {
      throw new Error(`attempt ${++attempts}`);
    }, limit.options);
    const message = `attempt ${limit.maximumAttempts}`;
    expect(await result).toEqual({ outcome: "failed", message });
    expect(attempts).toBe(limit.maximumAttempts);
  });

  it("leaves room for everything else, however often it fails", async () => {
    const engine = createActivityEngine();
    let attempts = 0;
    const handle = engine.startActivity(
      async () => {
        attempts++;
        throw new Error("never");
      },
      { maximumAttempts: Number.POSITIVE_INFINITY },
    );
    // Would never fire, were the attempts all in one turn.
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(attempts).toBeGreaterThan(0);
    handle.cancel();
    expect(await handle.result).toEqual({ outcome: "cancelled" });
  });

  it("does not follow a failure that is reported by the token", async () => {
    const engine = createActivityEngine();
    const { handle, token, attempts } = await startWaiting(engine, { maximumAttempts: 5 });
    await engine.fail(token(), { message: "disk full", status });
    expect(await handle.result).toMatchObject({ outcome: "failed" });
    expect(attempts).toHaveLength(1);
  });

  it("is given the details of the last heartbeat, copied, from either side", async () => {
    const engine = createActivityEngine();
    const { token, retry, attempts } = await startWaiting(engine, { maximumAttempts: 5 });
    const details = { done: [1] };
    await engine.heartbeat(token(), details);
    details.done.push(2);
    await retry();
    attempts[1]?.heartbeat({ done: [3] });
    await engine.heartbeat(token());
    await retry();
    await retry();
    expect(attempts.map(({ heartbeatDetails }) => heartbeatDetails)).toEqual([
      undefined,
      { done: [1] },
      { done: [3] },
      { done: [3] },
    ]);
  });

  it("is not given what an earlier attempt heartbeats after it is over", async () => {
    const engine = createActivityEngine();
    const { retry, attempts } = await startWaiting(engine);
    await retry();
    attempts[1]?.heartbeat("second");
    attempts[0]?.heartbeat("first, late");
    await retry();
    expect(attempts[2]?.heartbeatDetails).toBe("second");
  });
});

// Timers that are late on a busy machine still fire in the order of their times, so a heartbeat
// every 10 ms always comes before a timeout of 100 ms.
describe("a timeout", () => {
  it.each([
    { name: "start-to-close", options: { startToCloseTimeoutMs: 20 } },
    { name: "heartbeat", options: { heartbeatTimeoutMs: 20 } },
  ])("($name) gives an attempt up, and the activity after its last", async ({ options }) => {
    const engine = createActivityEngine();
    const attempts: ActivityAttempt[] = [];
    const { result } = engine.startActivity(
      async (attempt) => {
        attempts.push(attempt);
        return pending;
      },
      { ...options, maximumAttempts: 2 },
    );
    expect(await result).toEqual({ outcome: "timed-out" });
    expect(attempts).toHaveLength(2);
    for (const { token, signal } of attempts) {
      expect(signal.aborted).toBe(true);
      expect(await engine.complete(token, status)).toBe("not-found");
    }
  });

  it.each(["the runner", "the activity"])("does not come while %s heartbeats", async (who) => {
    const engine = createActivityEngine();
    const until = performance.now() + 300;
    let hasStopped = false;
    const { result } = engine.startActivity(
      async (attempt) => {
        const timer = setInterval(() => {
          if (who === "the activity") attempt.heartbeat();
          else void engine.heartbeat(attempt.token);
          if (performance.now() < until) return;
          clearInterval(timer);
          hasStopped = true;
        }, 10);
        return pending;
      },
      { heartbeatTimeoutMs: 100, maximumAttempts: 1 },
    );
    expect(await result).toEqual({ outcome: "timed-out" });
    expect(hasStopped).toBe(true);
  });

  it("of the start-to-close kind comes in spite of heartbeats", async () => {
    const engine = createActivityEngine();
    const { result } = engine.startActivity(
      async ({ heartbeat, signal }) => {
        const timer = setInterval(heartbeat, 10);
        signal.addEventListener("abort", () => clearInterval(timer));
        return pending;
      },
      { startToCloseTimeoutMs: 100, heartbeatTimeoutMs: 5_000, maximumAttempts: 1 },
    );
    expect(await result).toEqual({ outcome: "timed-out" });
  });

  it("comes no more, and leaves no timer, once the activity has ended", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const engine = createActivityEngine();
      const options = { startToCloseTimeoutMs: 60_000, heartbeatTimeoutMs: 60_000 };
      const { handle, token, retry, attempts } = await startWaiting(engine, options);
      await retry();
      expect(vi.getTimerCount()).toBe(2);
      await engine.complete(token(), status);
      await handle.result;
      for (const attempt of attempts) attempt.heartbeat();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("by hand does nothing to an activity that has ended", async () => {
    const engine = createActivityEngine();
    const { handle, token, attempts } = await startWaiting(engine);
    await engine.complete(token(), status);
    handle.timeOutAttempt();
    expect(await handle.result).toEqual({ outcome: "completed", status });
    expect(attempts).toHaveLength(1);
  });
});

describe("a cancellation request", () => {
  it("aborts the signal and answers heartbeats; the activity waits until its token ends it", async () => {
    const engine = createActivityEngine();
    const { handle, token, attempts } = await startWaiting(engine);
    handle.cancel();
    expect(attempts[0]?.signal.aborted).toBe(true);
    expect(await engine.heartbeat(token())).toBe("cancel-requested");
    handle.cancel();
    expect(await engine.reportCancellation(token(), status)).toBe("settled");
    expect(await handle.result).toEqual({ outcome: "cancelled", status });
    handle.cancel();
    expect(await engine.heartbeat(token())).toBe("not-found");
  });

  it("lets the execution complete all the same", async () => {
    const engine = createActivityEngine();
    const { handle, token } = await startWaiting(engine);
    handle.cancel();
    expect(await engine.complete(token(), status)).toBe("settled");
    expect(await handle.result).toEqual({ outcome: "completed", status });
  });

  it("lets an activity that throws end as cancelled, without a retry", async () => {
    const engine = createActivityEngine();
    let attempts = 0;
    const handle = engine.startActivity(({ signal }) => {
      attempts++;
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        handle.cancel();
      });
    });
    expect(await handle.result).toEqual({ outcome: "cancelled" });
    expect(attempts).toBe(1);
  });

  it("lets an activity that times out end, without a retry", async () => {
    const engine = createActivityEngine();
    const { handle, attempts } = await startWaiting(engine);
    handle.cancel();
    handle.timeOutAttempt();
    expect(await handle.result).toEqual({ outcome: "timed-out" });
    expect(attempts).toHaveLength(1);
  });
});

describe("a token", () => {
  it("differs between attempts and activities, and has 100 to 200 bytes", async () => {
    const engine = createActivityEngine();
    const tokens: CallbackToken[] = [];
    for (let i = 0; i < 10; i++) {
      const { token, retry } = await startWaiting(engine);
      tokens.push(token(), await retry());
    }
    expect(new Set(tokens.map(formatCallbackToken)).size).toBe(20);
    for (const { length } of tokens) {
      expect(length).toBeGreaterThanOrEqual(100);
      expect(length).toBeLessThanOrEqual(200);
    }
  });

  it("of another engine of this kind is not found, and its activity goes on", async () => {
    const mine = createActivityEngine();
    const { token } = await startWaiting(mine);
    expect(await createActivityEngine().complete(token(), status)).toBe("not-found");
    expect(await mine.heartbeat(token())).toBe("recorded");
  });

  it.each([
    ["random bytes", () => newToken()],
    ["one byte", () => callbackToken(Uint8Array.of(7))],
    ["8,192 bytes", () => callbackToken(new Uint8Array(8192).fill(7))],
  ])("that is %s is refused without being shown", async (_, garbage) => {
    const engine = createActivityEngine();
    const token = garbage();
    for (const call of [
      ...reports.map(({ report }) => report(engine, token)),
      engine.heartbeat(token),
    ]) {
      const error = await handshakeRefusal(call, "invalid-token");
      expect(error.message).toContain(`${token.length} byte`);
    }
  });
});

describe("whatever is done to an activity", () => {
  const step = fc.oneof(
    fc.record({
      verb: fc.constantFrom("heartbeat", ...reports.map(({ name }) => name)),
      token: fc.constantFrom("current", "old", "garbage"),
    }),
    fc.record({ verb: fc.constantFrom("timeOut", "cancel"), token: fc.constant("current") }),
  );

  it("it ends exactly once, and every answer is the one of a simple model", async () => {
    const garbage = newToken();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, maximumAttempts) => {
          const engine = createActivityEngine();
          const { handle, attempts } = await startWaiting(engine, { maximumAttempts });
          let hasEnded = false;
          void handle.result.then(() => {
            hasEnded = true;
          });

          // The model: which attempt it is, what it was told, and how the activity ended.
          let attempt = 1;
          let cancelRequested = false;
          let beat: number | undefined;
          const details: unknown[] = [undefined];
          let ended: ActivityResult | undefined;

          for (const [index, { verb, token }] of steps.entries()) {
            if (verb === "cancel") {
              handle.cancel();
              cancelRequested = true;
            } else if (verb === "timeOut") {
              handle.timeOutAttempt();
              if (attempt === maximumAttempts || cancelRequested) {
                ended ??= { outcome: "timed-out" };
              } else if (ended === undefined) {
                attempt++;
                details.push(beat);
                while (attempts.length < attempt) await setImmediate();
              }
            } else {
              const latest = attempts.at(token === "old" ? -2 : -1) ?? present(attempts[0]);
              const isOpen = latest.attempt === attempt && ended === undefined;
              const bytes = token === "garbage" ? garbage : latest.token;
              const ending = reports.find(({ name }) => name === verb);
              const answer = ending?.report(engine, bytes) ?? engine.heartbeat(bytes, index);
              if (token === "garbage") {
                await expect(answer).rejects.toMatchObject({ code: "invalid-token" });
              } else if (!isOpen) {
                expect(await answer).toBe("not-found");
              } else if (ending !== undefined) {
                expect(await answer).toBe("settled");
                ended = ending.result;
              } else {
                expect(await answer).toBe(cancelRequested ? "cancel-requested" : "recorded");
                beat = index;
              }
            }
            await setImmediate();
            expect(hasEnded).toBe(ended !== undefined);
          }
          if (ended === undefined) {
            ended = present(reports[0]).result;
            await engine.complete(present(attempts.at(-1)).token, status);
          }
          expect(await handle.result).toEqual(ended);
          expect(attempts.map(({ heartbeatDetails }) => heartbeatDetails)).toEqual(details);
        },
      ),
      { numRuns: 200 },
    );
  });
});
