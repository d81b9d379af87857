import { Code } from "@connectrpc/connect";
import { ApplicationFailureCategory } from "@temporalio/common";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { bounded } from "../../../src/temporal/runner/bounded.js";
import { createSystemActivities } from "../../../src/temporal/runner/system-activities.js";
import { createActivityEngine, createExecutionService } from "../../../src/testing/index.js";
import { formatCallbackToken } from "../../../src/token/index.js";
import {
  agentKind,
  inMemory,
  leaksOf,
  newToken,
  present,
  refusal,
  rejection,
  workflowKind,
} from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";
import { activitiesWith } from "./start-runner.js";

/** Limits of time that are over when the test says so. */
function limitTime() {
  const limit = new AbortController();
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(limit.signal);
  onTestFinished(() => timeout.mockRestore());
  const end = () => limit.abort(new DOMException("the time is over", "TimeoutError"));
  return { signal: limit.signal, timeout, end };
}

describe("a read that is bounded", () => {
  it("is asked for as it was, with the limit in place of any other signal", async () => {
    const { signal } = limitTime();
    const asked: unknown[] = [];
    const queries = bounded({
      get: async (request, options) => {
        asked.push(request, options);
        return workflowKind.valid();
      },
    });
    const onHeader = () => {};
    const others = { onHeader, signal: new AbortController().signal };
    expect(await queries.get({ value: "wex-1" }, others)).toEqual(workflowKind.valid());
    expect(asked).toEqual([{ value: "wex-1" }, { onHeader, signal }]);
    expect((asked[1] as { signal: AbortSignal }).signal).toBe(signal);
  });

  it("has a time of its own each time", async () => {
    const { timeout } = limitTime();
    const queries = bounded({ get: async () => workflowKind.valid() });
    await queries.get({ value: "wex-1" });
    await queries.get({ value: "wex-1" });
    expect(timeout).toHaveBeenCalledTimes(2);
  });

  it("holds no heartbeat, when the service never answers", async () => {
    const { timeout, end } = limitTime();
    const activities = activitiesWith(
      { heartbeat: async () => "not-found" },
      (_, options) =>
        new Promise((_resolve, reject) => {
          const signal = present(options?.signal);
          signal.addEventListener("abort", () => reject(signal.reason));
          end();
        }),
    );
    const attempt = attemptOf();
    const beat = () => activities.HeartbeatExternalActivity(newToken(), "wex-1");
    expect(await rejection(attempt.run(beat))).toMatchObject({
      type: "ExecutionGoesOn",
      nonRetryable: false,
      category: ApplicationFailureCategory.BENIGN,
    });
    expect(leaksOf(attempt.logged)).toEqual([]);
    // An attempt has 10 seconds, in which the newer token is to be heartbeated as well.
    expect(timeout.mock.calls).toEqual([[expect.any(Number)]]);
    expect(timeout.mock.calls[0]?.[0]).toBeLessThanOrEqual(5_000);
  });

  it("holds no report of Go's, which is made again", async () => {
    const { end } = limitTime();
    const { transport } = await inMemory(createExecutionService(), {
      interceptors: [
        () => () => {
          end();
          return new Promise(() => {});
        },
      ],
    });
    const activities = createSystemActivities({
      completer: createActivityEngine(),
      executions: {
        workflow: { queries: workflowKind.connect(transport) },
        agent: { queries: agentKind.connect(transport) },
      },
    });
    const report = {
      CallbackToken: formatCallbackToken(newToken()),
      Result: { metadata: { id: "wex-1" }, status: { phase: 1 } },
      Error: null,
    };
    const call = () => activities["stigmer/system/complete-external-activity"](report);
    await refusal(attemptOf().run(call), Code.Canceled);
  });
});
