import { formatCallbackToken } from "@stigmer/apis";
import { createSystemActivities } from "@stigmer/apis/temporal";
import { createActivityEngine, pending } from "@stigmer/apis/testing";
import { describe, expect, it } from "vitest";
import { telemetryOptionsOfPage } from "../docs/pages/telemetry.js";
import { freePort } from "../support/free-port.js";
import { scrape } from "./scrape.js";
import { temporalAvailable } from "./server.js";
import { useWorker } from "./use-worker.js";
import { until } from "./world/world.js";

const address = `127.0.0.1:${await freePort()}`;
const { metrics } = await telemetryOptionsOfPage(address);

describe.skipIf(!temporalAvailable())("the metrics of a worker", () => {
  const { start } = useWorker(new URL("workflow/parts.workflow.js", import.meta.url), metrics);

  /** An activity that waits in memory, and what its runner's worker needs. */
  async function wait() {
    const engine = createActivityEngine();
    let token = "";
    engine.startActivity(async (attempt) => {
      token = formatCallbackToken(attempt.token);
      return pending;
    });
    await until("the activity waits", () => token !== "");
    const get = async (): Promise<never> => expect.fail("expected no read");
    const executions = { workflow: { queries: { get } }, agent: { queries: { get } } };
    return { token, activities: createSystemActivities({ completer: engine, executions }) };
  }

  /** The series of this package, without their buckets: name, labels but those of the worker, value. */
  async function counted(outcome: string) {
    const series = await scrape(address);
    return series
      .filter(({ name, labels }) => name.startsWith("stigmer_") && labels.outcome === outcome)
      .filter(({ name }) => !/_(?:bucket|sum)$/.test(name))
      .map(({ name, labels, value }) => {
        const { namespace: _, taskQueue: __, ...others } = labels;
        return [name, others, value];
      });
  }

  const reports = (activityType: string, outcome: string) => {
    const labels = { activityType, execution_kind: "workflow", outcome, result: "reported" };
    return [
      ["stigmer_report_duration_seconds_count", labels, 1],
      ["stigmer_reports_total", labels, 1],
    ];
  };

  it("are served for Prometheus as docs/metrics.md says: those of an activity", async () => {
    const { token, activities } = await wait();
    const status = { phase: "EXECUTION_COMPLETED", startedAt: "2026-01-01T00:00:00Z" };
    await (await start({ ...activities }, "run", token, { status })).result();
    const age = { activityType: "CompleteExternalActivity", execution_kind: "workflow" };
    expect((await counted("completed")).sort()).toEqual([
      ["stigmer_execution_age_seconds_count", { ...age, outcome: "completed" }, 1],
      ...reports("CompleteExternalActivity", "completed"),
    ]);
  });

  it("have the age of an execution whose body throws, from its workflow", async () => {
    const { token, activities } = await wait();
    const handle = await start({ ...activities }, "run", token, { throws: "failure" });
    await handle.result().catch(() => {});
    const age = { workflowType: "run", execution_kind: "workflow", outcome: "failed" };
    expect((await counted("failed")).sort()).toEqual([
      ["stigmer_execution_age_seconds_count", age, 1],
      ...reports("FailExternalActivity", "failed"),
    ]);
  });

  it("have buckets of minutes and days, and no label with the token", async () => {
    const series = await scrape(address);
    const bounds = series
      .filter(({ name }) => name === "stigmer_execution_age_seconds_bucket")
      .map(({ labels }) => labels.le);
    expect(bounds).toEqual(expect.arrayContaining(["60", "86400", "604800", "+Inf"]));
    const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
    expect([...names].filter((name) => /id$|token/i.test(name))).toEqual([]);
  });
});
