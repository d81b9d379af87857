import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";
import { until } from "../temporal/world/world.js";
import { type MainJob, startMainJob } from "./main-job.js";
import { type Prometheus, prometheusAvailable, startPrometheus } from "./prometheus.js";

const rules = fileURLToPath(new URL("../../monitoring/alerts.yaml", import.meta.url));

/** The alerts with a second for each minute, so that a test sees what takes half an hour. */
function inSeconds(text: string): string {
  return text
    .replaceAll(/(\[|offset |for: )(\d+)m/g, "$1$2s")
    .replaceAll(/(\[|offset |for: )(\d+)h/g, "$1$2m")
    .replaceAll(/le="(\d+)"/g, (_, seconds) => `le="${Number(seconds) / 60}"`);
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

  /** Every half second, until all tests have ended. */
  async function often(step: () => Promise<unknown>): Promise<void> {
    while (!isOver) {
      await step();
      await sleep(500);
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
    const text = inSeconds(readFileSync(rules, "utf8"));
    prometheus = await startPrometheus(text, job.addresses);
    await until("all workers are scraped", async () => {
      const [up] = await prometheus.query("sum(up)");
      return up?.value === job.addresses.length;
    });
    background.push(often(look));
    for (const kind of ["workflow", "agent"] as const) background.push(often(() => complete(kind)));
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

  test("tell of a handshake that is older than its bound", async () => {
    const overdue = "StigmerHandshakesOverdue workflow";
    await untilFires(overdue);
    expect(firing).toEqual([overdue]);
    job.release();
    await until("nothing is overdue any more", () => firing.length === 0);
  });

  test("tell of a token that the server refuses", async () => {
    const refused = "StigmerReportsRefused agent invalid_token";
    await job.reportWithBadToken();
    await untilFires(refused);
    expect(firing).toEqual([refused]);
  });

  test("tell of reports that fail, and of heartbeats for a caller that is gone", async () => {
    job.misdirectReports();
    background.push(often(() => job.call("agent")));
    const caller = await job.call("held workflow");
    await until("the caller waits", async () => {
      const { raw } = await caller.describe();
      return raw.pendingActivities?.some(({ heartbeatDetails }) => heartbeatDetails) ?? false;
    });
    await caller.terminate();
    await Promise.all([
      untilFires("StigmerReportsFailing agent"),
      untilFires("StigmerHeartbeatsMissed workflow"),
    ]);
    job.release();
  });

  test("tell of runners that are gone", async () => {
    expect(firing).not.toContain("StigmerRunnersSilent workflow");
    await job.killRunners();
    background.push(often(() => job.call("workflow")));
    await untilFires("StigmerRunnersSilent workflow");
  });
});
