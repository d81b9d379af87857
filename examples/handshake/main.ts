// Runs the handshake on real HTTP and prints each step. See --help.

import { parseArgs } from "node:util";
import { startMemoryWorld } from "./memory/world.js";
import { type Outcome, type Scenario, scenarios } from "./scenarios.js";
import type { Engine, Log } from "./world.js";

const help = `Runs the callback-token handshake: an activity starts an execution, goes pending, and is
ended by whoever ends the execution.

Usage: npm run handshake -- [options]

Options:
  --scenario NAME       run only this scenario; may be given several times
  --temporal [ADDRESS]  run on Temporal, with caller and runner as two worker processes: on the
                        server at ADDRESS (host:port, in its namespace "default"), or on a
                        development server that is started for this run, which needs the Temporal
                        CLI, \`temporal\`, on the PATH
  --json                print JSON lines instead of text
  --help                print this

Without --temporal, an engine in memory takes its place.

Scenarios:
${Object.entries(scenarios)
  .map(([name, { title }]) => `  ${name.padEnd(15)}  ${title}`)
  .join("\n")}

Environment:
  STOCK_API_KEY    the secret that the workflows use; a demo value when it is not set
  CALLER_METRICS_ADDRESS, RUNNER_METRICS_ADDRESS
                   host and port at which the workers on Temporal serve Prometheus, at /metrics

Exit status: 0 when every scenario ended as expected, 1 when one did not, 2 on wrong usage or when
there is no Temporal server.`;

interface Options {
  readonly names: string[];
  /** The address of a server; empty to start one; undefined for the engine in memory. */
  readonly temporal: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

interface Row {
  readonly scenario: string;
  readonly outcome: Outcome | "error";
  readonly expected: Outcome;
  readonly steps: number;
  readonly ms: number;
}

let engine: Engine | undefined;
let isInterrupted = false;

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (typeof options === "string") return refuse(`${options}\nTry: npm run handshake -- --help`);
  if (options.help) {
    console.log(help);
    return 0;
  }
  const apiKey = process.env.STOCK_API_KEY || "demo-key-of-the-stock-service";
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    return refuse("STOCK_API_KEY: expected visible ASCII characters only");
  }
  const opened = await openEngine(options, apiKey);
  if (typeof opened === "string") return refuse(opened);
  engine = opened;
  const rows: Row[] = [];
  try {
    for (const name of options.names) rows.push(await runScenario(engine, name, options.json));
  } finally {
    await engine.stop();
  }
  print(options.json ? JSON.stringify({ type: "summary", results: rows }) : `\n${table(rows)}`);
  return rows.every(({ outcome, expected }) => outcome === expected) ? 0 : 1;
}

function print(line: string): void {
  // What goes wrong then is only that everything ends.
  if (!isInterrupted) console.log(line);
}

function refuse(problem: string): number {
  console.error(`handshake: ${problem}`);
  return 2;
}

function parseOptions(args: string[]): Options | string {
  // parseArgs knows no options whose value may be left out.
  const complete = args.map((arg, index) =>
    arg === "--temporal" && (args[index + 1] ?? "-").startsWith("-") ? "--temporal=" : arg,
  );
  try {
    const { values } = parseArgs({
      args: complete,
      options: {
        scenario: { type: "string", multiple: true },
        temporal: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const names = values.scenario ?? Object.keys(scenarios);
    const unknown = names.find((name) => !Object.hasOwn(scenarios, name));
    if (unknown !== undefined) {
      return `expected a scenario of ${Object.keys(scenarios).join(", ")}; got "${unknown}"`;
    }
    return { names, temporal: values.temporal, json: values.json, help: values.help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The engine to run on, or why there is none. */
async function openEngine({ temporal, json }: Options, apiKey: string): Promise<Engine | string> {
  if (temporal === undefined) {
    return { startWorld: (log) => startMemoryWorld(apiKey, log), stop: async () => {} };
  }
  // Loaded only here, for it takes a moment.
  const { openTemporal } = await import("./temporal/server.js");
  const server = await openTemporal(temporal);
  if (typeof server === "string") return server;
  if (!json)
    console.log(`on the ${server.isOwn ? "development" : "Temporal"} server at ${server.address}`);
  const { startTemporalEngine } = await import("./temporal/engine.js");
  return startTemporalEngine(server, apiKey);
}

async function runScenario(engine: Engine, name: string, json: boolean): Promise<Row> {
  const { title, expected, run } = scenarios[name] as Scenario;
  const start = performance.now();
  let steps = 0;
  const log: Log = (role, step) => {
    steps++;
    const ms = Math.round(performance.now() - start);
    print(
      json
        ? JSON.stringify({ type: "step", scenario: name, ms, role, step })
        : `${String(ms).padStart(6)} ms  ${role}  ${step}`,
    );
  };
  if (!json) print(`\n${name}: ${title}`);
  let outcome: Row["outcome"] = "error";
  const world = await engine.startWorld(log);
  try {
    outcome = await run(world);
  } catch (error) {
    log("caller", `error: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await world.stop();
  }
  return { scenario: name, outcome, expected, steps, ms: Math.round(performance.now() - start) };
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ scenario, outcome, expected, steps, ms }) => {
    const verdict = outcome === expected ? outcome : `${outcome}, not ${expected}`;
    return `${scenario.padEnd(16)} ${verdict.padEnd(24)} ${String(steps).padStart(5)} ${String(ms).padStart(6)}`;
  });
  return [`${"scenario".padEnd(16)} ${"outcome".padEnd(24)} steps     ms`, ...lines].join("\n");
}

/** Ends what the engine has started before this process ends; asked again, it ends at once. */
async function interrupt(exitCode: number): Promise<void> {
  if (!isInterrupted) {
    isInterrupted = true;
    await engine?.stop().catch(() => {});
  }
  process.exit(exitCode);
}

process.on("SIGHUP", () => interrupt(129));
process.on("SIGINT", () => interrupt(130));
process.on("SIGTERM", () => interrupt(143));
process.exitCode = await main(process.argv.slice(2));
