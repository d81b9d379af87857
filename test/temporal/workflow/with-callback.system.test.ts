import { callbackToken, formatCallbackToken } from "@stigmer/apis";
import { cutFieldsOf } from "@stigmer/apis/temporal/workflow";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import type { WorkflowHandle } from "@temporalio/client";
import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { temporalAvailable } from "../server.js";
import { useWorker } from "../use-worker.js";
import { until } from "../world/world.js";
import { recordReports } from "./record-reports.js";

const { EXECUTION_COMPLETED } = ExecutionPhase;

// No secret: nobody waits with it.
const given = formatCallbackToken(callbackToken(Uint8Array.of(1, 2, 3)));
const waiting: [string, string | undefined][] = [
  ["that somebody waits for", given],
  ["that nobody waits for", undefined],
];

async function failureOf(handle: WorkflowHandle): Promise<unknown> {
  return handle.result().then(
    () => expect.fail("expected the workflow to fail"),
    (error: Error) => error.cause,
  );
}

describe.skipIf(!temporalAvailable())("a runner's workflow", () => {
  const { start } = useWorker(new URL("parts.workflow.js", import.meta.url));

  describe.each(waiting)("%s", (_, token) => {
    it("ends with what its body returns", async () => {
      const status = { phase: "EXECUTION_COMPLETED", output: { n: 1 } };
      const handle = await start(recordReports().activities, "run", token, { status });
      expect(await handle.result()).toMatchObject({ phase: EXECUTION_COMPLETED, output: { n: 1 } });
    });

    it("fails with what its body throws", async () => {
      const { activities } = recordReports();
      const failure = await failureOf(await start(activities, "run", token, { throws: "failure" }));
      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect(failure).toMatchObject({ type: "Disk", message: "disk full", nonRetryable: true });
    });

    it("fails with the name of a field that has no JSON form", async () => {
      const status = { phase: "EXECUTION_COMPLETED" };
      const body = { status, ratio: "NaN" };
      const handle = await start(recordReports().activities, "run", token, body);
      expect(await failureOf(handle)).toMatchObject({
        type: "ExecutionResultInvalid",
        message: expect.stringContaining('output["ratio"]'),
      });
    });

    it("ends with as much of a status as it is told that fits", async () => {
      const { activities, reports } = recordReports();
      const status = { phase: "EXECUTION_COMPLETED", error: "careful ".repeat(20_000) };
      const options = { payloadLimit: 64 * 1024 };
      const handle = await start(activities, "run", token, { status }, options);
      const result = await handle.result();
      expect(cutFieldsOf(result)).toEqual(["error"]);
      expect(reports.map((report) => report[2])).toEqual(token === undefined ? [] : [result]);
    });

    it("is cancelled when its body is", async () => {
      const { activities } = recordReports();
      const handle = await start(activities, "run", token, { throws: "cancellation" });
      expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
    });

    it("neither ends nor reports when its body has a bug, which can be mended", async () => {
      const { activities, reports } = recordReports();
      const handle = await start(activities, "run", token, { throws: "bug" });
      await until("its task has failed", async () => {
        const { events } = await handle.fetchHistory();
        return events?.some((event) => event.workflowTaskFailedEventAttributes) ?? false;
      });
      expect((await handle.describe()).status.name).toBe("RUNNING");
      expect(reports).toEqual([]);
    });
  });

  it("that nobody waits for asks for no activity, however long its body runs", async () => {
    const body = { status: { phase: "EXECUTION_CANCELLED" }, untilCancelled: true };
    const handle = await start({}, "run", undefined, body, { heartbeatInterval: "1ms" });
    await handle.cancel();
    await handle.result();
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.activityTaskScheduledEventAttributes)).toEqual([]);
    expect(events?.filter((event) => event.timerStartedEventAttributes)).toEqual([]);
  });
});
