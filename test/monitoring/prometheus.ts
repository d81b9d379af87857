import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findCommand } from "../support/find-command.js";
import { freePort } from "../support/free-port.js";

/** The labels and the value of a series. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert as Prometheus has it. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
}

export interface Prometheus {
  query(expression: string): Promise<Sample[]>;
  alerts(): Promise<Alert[]>;
  /** What its rules have failed with. */
  ruleErrors(): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * Whether Prometheus and its promtool are there: `describe.skipIf(!prometheusAvailable())`. Says so in
 * one line when they are not.
 *
 * Throws in CI (`CI=true`), where nothing may be skipped.
 */
export function prometheusAvailable(): boolean {
  const names = ["prometheus", "promtool"].filter((name) => findCommand(name) === undefined);
  if (names.length === 0) return true;
  const missing = `no ${names.join(", no ")} on the PATH (Debian: apt-get install prometheus)`;
  if (process.env.CI === "true") throw new Error(missing);
  console.log(`skipped: ${missing}`);
  return false;
}

/** Runs promtool, and returns what it prints. Throws with that when it finds fault. */
export function promtool(...args: string[]): string {
  try {
    return execFileSync("promtool", args, { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(" ")}:\n${stdout}${stderr}`, { cause: error });
  }
}

/** A Prometheus with these rules, that scrapes these addresses and evaluates twice a second. */
export async function startPrometheus(
  rules: string,
  addresses: readonly string[],
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-prometheus-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  writeFileSync(join(folder, "rules.yaml"), rules);
  const interval = "500ms";
  const config = {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ["rules.yaml"],
    scrape_configs: [{ job_name: "workers", static_configs: [{ targets: addresses }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, "prometheus.yaml"), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "exit");
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);

  async function stop(): Promise<void> {
    child.kill("SIGKILL");
    await ended;
    process.removeListener("exit", endWithUs);
    remove();
  }

  async function get<T>(path: string): Promise<T> {
    const response = await fetch(`http://${address}/api/v1/${path}`);
    const { status, error, data } = (await response.json()) as Answer<T>;
    if (status !== "success") throw new Error(`Prometheus: ${path}: ${error}`);
    return data;
  }

  try {
    await untilReady(`http://${address}/-/ready`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async query(expression) {
      const path = `query?query=${encodeURIComponent(expression)}`;
      const { result } = await get<{ result: Series[] }>(path);
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    alerts: async () => (await get<{ alerts: Alert[] }>("alerts")).alerts,
    async ruleErrors() {
      const { groups } = await get<{ groups: { rules: Rule[] }[] }>("rules");
      return groups
        .flatMap(({ rules }) => rules)
        .filter(({ health }) => health === "err")
        .map(({ name, lastError }) => `${name}: ${lastError}`);
    },
    stop,
  };
}

interface Answer<T> {
  readonly status: string;
  readonly error?: string;
  readonly data: T;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) {
      throw new Error(`Prometheus has ended before it was ready, exit code ${child.exitCode}`);
    }
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadline) throw new Error("Prometheus is not ready within a minute");
    await sleep(100);
  }
}
