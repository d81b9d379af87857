// Runs the handshake on real HTTP and prints each step. See --help.

import { parseArgs } from "node:util";
import { type Outcome, type Scenario, scenarios } from "./scenarios.js";
import { type Log, startWorld } from "./world.js";

const help = `Runs the callback-token handshake: an activity starts an execution, goes pending, and is
ended by whoever ends the execution.

Usage: npm run handshake -- [options]

Options:
  --scenario NAME  run only this scenario; may be given several times
  --json           print JSON lines instead of text
  --help           print this

Scenarios:
${Object.entries(scenarios)
  .map(([name, { title }]) => `  ${name.padEnd(15)}  ${title}`)
  .join("\n")}

Environment:
  STOCK_API_KEY    the secret that the workflows use; a demo value when it is not set

Exit status: 0 when every scenario ended as expected, 1 when one did not, 2 on wrong usage.`;

interface Row {
  readonly scenario: string;
  readonly outcome: Outcome | "error";
  readonly expected: Outcome;
  readonly steps: number;
  readonly ms: number;
}

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (typeof options === "string") {
    console.error(`handshake: ${options}\nTry: npm run handshake -- --help`);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  const apiKey = process.env.STOCK_API_KEY || "demo-key-of-the-stock-service";
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    console.error("handshake: STOCK_API_KEY: expected visible ASCII characters only");
    return 2;
  }
  const rows: Row[] = [];
  for (const name of options.names) rows.push(await runScenario(name, apiKey, options.json));
  if (options.json) console.log(JSON.stringify({ type: "summary", results: rows }));
  else console.log(`\n${table(rows)}`);
  return rows.every(({ outcome, expected }) => outcome === expected) ? 0 : 1;
}

function parseOptions(args: string[]): { names: string[]; json: boolean; help: boolean } | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        scenario: { type: "string", multiple: true },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const names = values.scenario ?? Object.keys(scenarios);
    const unknown = names.find((name) => !Object.hasOwn(scenarios, name));
    if (unknown !== undefined) {
      return `expected a scenario of ${Object.keys(scenarios).join(", ")}; got "${unknown}"`;
    }
    return { names, json: values.json, help: values.help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function runScenario(name: string, apiKey: string, json: boolean): Promise<Row> {
  const { title, expected, run } = scenarios[name] as Scenario;
  const start = performance.now();
  let steps = 0;
  const log: Log = (role, step) => {
    steps++;
    const ms = Math.round(performance.now() - start);
    if (json) console.log(JSON.stringify({ type: "step", scenario: name, ms, role, step }));
    else console.log(`${String(ms).padStart(6)} ms  ${role}  ${step}`);
  };
  if (!json) console.log(`\n${name}: ${title}`);
  let outcome: Row["outcome"] = "error";
  const world = await startWorld(apiKey, log);
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

process.exitCode = await main(process.argv.slice(2));
