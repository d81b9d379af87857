import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { callbackToken, formatCallbackToken } from "@stigmer/apis";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import { ApplicationFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { temporalAvailable } from "../server.js";
import { useWorker } from "../use-worker.js";
import { recordReports } from "./record-reports.js";

const { EXECUTION_COMPLETED, EXECUTION_FAILED, EXECUTION_CANCELLED } = ExecutionPhase;

// No secret: nobody waits with it.
const token = callbackToken(Uint8Array.of(1, 2, 3));
const given = formatCallbackToken(token);
const statusOf = (status: MessageInitShape<typeof WorkflowExecutionStatusSchema>) =>
  create(WorkflowExecutionStatusSchema, status);

describe.skipIf(!temporalAvailable())("the report of a runner's workflow", () => {
  const { start } = useWorker(new URL("parts.workflow.js", import.meta.url));

  it.each<[string, object, unknown[]]>([
    [
      "that has completed is its status",
      { status: { phase: "EXECUTION_COMPLETED", output: { n: 1 } } },
      [
        "CompleteExternalActivity",
        token,
        statusOf({ phase: EXECUTION_COMPLETED, output: { n: 1 } }),
        "wex-1",
      ],
    ],
    [
      "that has failed is a failure with its text, which stands in it once",
      { status: { phase: "EXECUTION_FAILED", error: "out of stock" } },
      [
        "FailExternalActivity",
        token,
        "out of stock",
        "wex-1",
        statusOf({ phase: EXECUTION_FAILED }),
      ],
    ],
    [
      "that has failed without a text says which execution has",
      { status: { phase: "EXECUTION_FAILED" } },
      [
        "FailExternalActivity",
        token,
        "wex-1 failed",
        "wex-1",
        statusOf({ phase: EXECUTION_FAILED }),
      ],
    ],
    [
      "that was cancelled is a cancellation",
      { status: { phase: "EXECUTION_CANCELLED" } },
      [
        "CancelExternalActivity",
        token,
        "wex-1 was cancelled",
        "wex-1",
        statusOf({ phase: EXECUTION_CANCELLED }),
      ],
    ],
    [
      "that ends before its execution has is a failure",
      { status: { phase: "EXECUTION_IN_PROGRESS" } },
      ["FailExternalActivity", token, "wex-1 ended without a terminal status", "wex-1"],
    ],
    [
      "that throws a failure is one with its text",
      { throws: "failure" },
      ["FailExternalActivity", token, "disk full", "wex-1"],
    ],
    [
      "that throws a cancellation is one",
      { throws: "cancellation" },
      ["CancelExternalActivity", token, "stopped", "wex-1"],
    ],
  ])("%s", async (_, body, expected) => {
    const { activities, reports } = recordReports();
    const handle = await start(activities, "run", given, body);
    await handle.result().catch(() => {});
    expect(reports).toEqual([expected]);
  });

  it("that has completed with a result that has no JSON form is a failure that names the field", async () => {
    const { activities, reports } = recordReports();
    const status = { phase: "EXECUTION_COMPLETED" };
    const handle = await start(activities, "run", given, { status, ratio: "NaN" });
    await handle.result().catch(() => {});
    const statusAudit = { event: "cut to fit: all but the phase and the error" };
    const least = statusOf({ phase: EXECUTION_COMPLETED, audit: { statusAudit } });
    const text = expect.stringContaining('output["ratio"]');
    expect(reports).toEqual([["FailExternalActivity", token, text, "wex-1", least]]);
  });

  it("that cannot be made changes nothing of how the workflow ends", async () => {
    const { activities, reports } = recordReports(async () => {
      throw ApplicationFailure.nonRetryable("no such token", "InvalidToken");
    });
    const status = { phase: "EXECUTION_COMPLETED", output: { n: 1 } };
    const handle = await start(activities, "run", given, { status });
    expect(await handle.result()).toMatchObject({ output: { n: 1 } });
    expect(reports).toHaveLength(1);
  });

  it("is made again when it has failed", async () => {
    let count = 0;
    const { activities, reports } = recordReports(async () => {
      if (count++ === 0) throw new Error("away");
      return "reported";
    });
    const handle = await start(activities, "run", given, { throws: "failure" });
    await handle.result().catch(() => {});
    expect(reports).toHaveLength(2);
    expect(reports[1]).toEqual(reports[0]);
  });

  it("is given up after the time that it is given", async () => {
    const { activities, reports } = recordReports(async () => {
      throw new Error("away");
    });
    const status = { phase: "EXECUTION_COMPLETED" };
    const options = { reportTimeout: "1s" };
    const handle = await start(activities, "run", given, { status }, options);
    expect(await handle.result()).toMatchObject({ phase: EXECUTION_COMPLETED });
    expect(reports.length).toBeGreaterThan(0);
  });

  it("is made when the workflow is cancelled", async () => {
    const { activities, reports } = recordReports();
    const status = { phase: "EXECUTION_CANCELLED", error: "not needed any more" };
    const handle = await start(activities, "run", given, { status, untilCancelled: true });
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ phase: EXECUTION_CANCELLED });
    expect(reports.map(([name, , text]) => [name, text])).toEqual([
      ["CancelExternalActivity", "not needed any more"],
    ]);
  });
});
