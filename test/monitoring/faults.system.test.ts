import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";
import { until } from "../temporal/world/world.js";
import { alertsFile } from "./alerts.js";
import { asQueried, targets } from "./dashboard.js";
import { type MainJob, startMainJob } from "./main-job.js";
import { type Prometheus, prometheusAvailable, startPrometheus } from "./prometheus.js";

const limitMs = 180_000;
const refused = "StigmerReportsRefused agent invalid_token";

/** The alerts with a second for each minute, so that a test sees what takes half an hour. */
function inSeconds(text: string): string {
  return text
    .replaceAll(/(\[|offset |for: )(\d+)m/g, "$1$2s")
    .replaceAll(/(\[|offset |for: )(\d+)h/g, "$1$2m")
    .replaceAll(/le=~"(\d+)/g, (_, seconds) => `le=~"${Number(seconds) / 60}`);
}

// One after the other: a test has the faults of those before it behind it.
describe.skipIf(!prometheusAvailable() || !temporalAvailable())("the main job's alerts", () => {
  let server: TemporalServer;
  let job: MainJob;
  let prometheus: Prometheus;
  let isOver = false;
  const background: Promise<unknown>[] = [];
  /** Resolves when handshakes are not waited for any more. */
  let loseAll = () => {};
  const lost = new Promise<void>((resolve) => {
    loseAll = resolve;
  });
  /** What fires now. */
  let firing: readonly string[] = [];

  /** Again and again, until all tests have ended. */
  async function repeat(pauseMs: number, step: () => Promise<unknown>): Promise<void> {
    while (!isOver) {
      await step();
      await sleep(pauseMs);
    }
  }

  /** As fast as the machine can, so that none of them is late. */
  async function complete(kind: "workflow" | "agent"): Promise<void> {
    const call = await job.call(kind);
    await Promise.race([call.result(), lost]);
  }

  async function look(): Promise<void> {
    const alerts = await prometheus.alerts();
    firing = alerts
      .filter(({ state }) => state === "firing")
      .map(({ labels: { alertname, execution_kind, result } }) =>
        [alertname, execution_kind, result].filter((label) => label !== undefined).join(" "),
      )
      .sort();
  }

  const untilFires = (name: string) => until(`${name} fires`, () => firing.includes(name));

  beforeAll(async () => {
    server = await startTemporalServer();
    job = await startMainJob(server.address);
    const text = inSeconds(readFileSync(alertsFile, "utf8"));
    prometheus = await startPrometheus(text, job.addresses);
    await until("all workers are scraped", async () => {
      const [up] = await prometheus.query("sum(up)");
      return up?.value === job.addresses.length;
    });
    background.push(repeat(250, look));
    for (const kind of ["workflow", "agent"] as const)
      background.push(repeat(500, () => complete(kind)));
  });
  afterAll(async () => {
    isOver = true;
    loseAll();
    await Promise.all(background);
    await prometheus?.stop();
    await job?.stop();
    await server?.stop();
  });

  test("are silent while all goes well", async () => {
    await job.call("held workflow");
    for (let seconds = 0; seconds < 25; seconds++) {
      await sleep(1_000);
      expect(firing).toEqual([]);
    }
    expect(await prometheus.ruleErrors()).toEqual([]);
    const [ended] = await prometheus.query('sum(stigmer_reports_total{result="reported"})');
    expect(ended?.value).toBeGreaterThan(5);
  });

  test("tell of a token that the server refuses", { timeout: limitMs }, async () => {
    await job.reportWithBadToken();
    await untilFires(refused);
    expect(firing).toEqual([refused]);
  });

  test("tell of a handshake that is older than its bound", { timeout: limitMs }, async () => {
    await untilFires("StigmerHandshakesOverdue workflow");
    expect(firing.filter((name) => name !== refused)).toEqual([
      "StigmerHandshakesOverdue workflow",
    ]);
    job.release();
  });

  test("tell of reports that fail, and of a caller that is gone", {
    timeout: limitMs,
  }, async () => {
    const caller = await job.call("held workflow");
    await until("the caller waits", async () => {
      const { raw } = await caller.describe();
      return raw.pendingActivities?.some(({ heartbeatDetails }) => heartbeatDetails) ?? false;
    });
    await caller.terminate();
    job.misdirectReports();
    background.push(repeat(1_000, () => job.call("agent")));
    await Promise.all([
      untilFires("StigmerHeartbeatsMissed workflow"),
      untilFires("StigmerReportsFailing agent"),
    ]);
    job.release();
  });

  test("tell of executions without a runner", { timeout: limitMs }, async () => {
    expect(firing).not.toContain("StigmerRunnersSilent workflow");
    job.loseWorkflows();
    background.push(repeat(1_000, () => job.call("workflow")));
    await untilFires("StigmerRunnersSilent workflow");
  });

  test("are beside panels that show what has happened", async () => {
    // Of a service, which is no worker.
    const ofWorkers = targets.filter(({ expr }) => !expr.includes("stigmer_refused_reads"));
    for (const { expr } of ofWorkers) {
      expect(await prometheus.query(asQueried(expr)), expr).not.toEqual([]);
    }
  });
});
