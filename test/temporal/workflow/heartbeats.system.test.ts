import { callbackToken, formatCallbackToken } from "@stigmer/apis";
import type { HeartbeatNews, HeartbeatOptions } from "@stigmer/apis/temporal";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { ApplicationFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { temporalAvailable } from "../server.js";
import { useWorker } from "../use-worker.js";
import { until } from "../world/world.js";
import { recordReports } from "./record-reports.js";

const { EXECUTION_CANCELLED, EXECUTION_COMPLETED } = ExecutionPhase;

// No secrets: nobody waits with them.
const token = callbackToken(Uint8Array.of(1, 2, 3));
const newer = callbackToken(Uint8Array.of(4, 5, 6));
const given = formatCallbackToken(token);

/** A heartbeat that has no news. */
function goesOn(): never {
  throw ApplicationFailure.create({ type: "ExecutionGoesOn" });
}

/** Heartbeats with this news, one after another, and none after that. */
function recordHeartbeats(...news: (() => HeartbeatNews)[]) {
  const beats: [token: Uint8Array, executionId: string, options: HeartbeatOptions][] = [];
  const HeartbeatExternalActivity = async (...call: never[]) => {
    const answer = news[beats.length] ?? goesOn;
    beats.push(call as never);
    return answer();
  };
  return { HeartbeatExternalActivity, beats };
}

describe.skipIf(!temporalAvailable())("the heartbeats of a runner's workflow", () => {
  const { start } = useWorker(new URL("parts.workflow.js", import.meta.url));
  const options = { heartbeatInterval: "100ms" };
  const cancelled = { status: { phase: "EXECUTION_CANCELLED" }, untilCancelled: true };

  function startRun(
    { HeartbeatExternalActivity }: ReturnType<typeof recordHeartbeats>,
    reports: ReturnType<typeof recordReports>,
    body: object = cancelled,
    more: object = {},
  ) {
    const activities = { ...reports.activities, HeartbeatExternalActivity };
    return start(activities, "run", given, body, { ...options, ...more });
  }

  it("are made again and again, with the token and the id, for as long as the body runs", async () => {
    const heartbeats = recordHeartbeats();
    const reports = recordReports();
    const handle = await startRun(heartbeats, reports);
    const { beats } = heartbeats;
    await until("three heartbeats", () => beats.length >= 3);
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ phase: EXECUTION_CANCELLED });
    expect(beats.every((beat) => beat[0].join() === token.join())).toBe(true);
    const runningSince = (await handle.describe()).startTime.getTime();
    expect(beats[0]).toEqual([token, "wex-1", { isCancelling: false, runningSince }]);
  });

  it("are not made for a body that ends before the first", async () => {
    const heartbeats = recordHeartbeats();
    const status = { phase: "EXECUTION_COMPLETED" };
    const more = { heartbeatInterval: "1h" };
    const handle = await startRun(heartbeats, recordReports(), { status }, more);
    expect(await handle.result()).toMatchObject({ phase: EXECUTION_COMPLETED });
    expect(heartbeats.beats).toEqual([]);
  });

  it("go on with the token that the caller waits with now, and so does the report", async () => {
    const heartbeats = recordHeartbeats(() => ({ rearmed: formatCallbackToken(newer) }));
    const reports = recordReports();
    const handle = await startRun(heartbeats, reports);
    await until("the second heartbeat", () => heartbeats.beats.length >= 2);
    await handle.cancel();
    await handle.result();
    expect(heartbeats.beats.slice(0, 2).map(([token]) => token)).toEqual([token, newer]);
    expect(reports.reports.map(([, token]) => token)).toEqual([newer]);
  });

  it("cancel the body when the caller wants that, and tell so from then on", async () => {
    const heartbeats = recordHeartbeats(() => "cancel-requested");
    let isReported = () => {};
    const untilReported = new Promise<void>((resolve) => {
      isReported = resolve;
    });
    const reports = recordReports(async () => {
      // The caller is only told by this: until then, it has to be heartbeated.
      await until("another heartbeat", () => heartbeats.beats.length >= 2);
      isReported();
    });
    const handle = await startRun(heartbeats, reports);
    await untilReported;
    expect(await handle.result()).toMatchObject({ phase: EXECUTION_CANCELLED });
    const [first, second] = heartbeats.beats;
    const runningSince = (await handle.describe()).startTime.getTime();
    expect([first?.[2], second?.[2]]).toEqual([
      { isCancelling: false, runningSince },
      { isCancelling: true, runningSince },
    ]);
    expect(reports.reports.map(([name]) => name)).toEqual(["CancelExternalActivity"]);
  });

  it("cancel the body when the caller is gone, after as many as it is told, and end", async () => {
    const heartbeats = recordHeartbeats(() => "caller-gone");
    const reports = recordReports();
    const handle = await startRun(heartbeats, reports, cancelled, { maxMissedHeartbeats: 7 });
    expect(await handle.result()).toMatchObject({ phase: EXECUTION_CANCELLED });
    const runningSince = (await handle.describe()).startTime.getTime();
    expect(heartbeats.beats).toEqual([
      [token, "wex-1", { maxMissed: 7, isCancelling: false, runningSince }],
    ]);
    expect(reports.reports).toHaveLength(1);
  });

  it("that fail for good end nothing but themselves", async () => {
    const heartbeats = recordHeartbeats(() => {
      throw ApplicationFailure.nonRetryable("no such token", "InvalidToken");
    });
    const reports = recordReports();
    const handle = await startRun(heartbeats, reports);
    await until("the heartbeat has failed", async () => {
      const { events } = await handle.fetchHistory();
      return events?.some((event) => event.activityTaskFailedEventAttributes) ?? false;
    });
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ phase: EXECUTION_CANCELLED });
    expect(heartbeats.beats).toHaveLength(1);
    expect(reports.reports).toHaveLength(1);
  });

  it("go on when the workflow is cancelled, until its body has cleaned up", async () => {
    const heartbeats = recordHeartbeats();
    const reports = recordReports();
    const { beats } = heartbeats;
    const handle = await startRun(heartbeats, reports, { ...cancelled, cleansUp: true });
    await until("a heartbeat", () => beats.length >= 1);
    await handle.cancel();
    await until("the cancellation is heard", async () => {
      const { events = [] } = await handle.fetchHistory();
      const at = events?.findIndex(
        (event) => event.workflowExecutionCancelRequestedEventAttributes,
      );
      return (
        events?.slice(at ?? 0).some((event) => event.workflowTaskCompletedEventAttributes) ?? false
      );
    });
    const before = beats.length;
    await until("two more heartbeats", () => beats.length >= before + 2);
    await handle.signal("finish");
    expect(await handle.result()).toMatchObject({ phase: EXECUTION_CANCELLED });
    expect(reports.reports).toHaveLength(1);
  });
});
