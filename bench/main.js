// Measures this package against what a user would do without it. See --help.
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { full, quick } from "./harness/effort.js";
import { asTable } from "./harness/report.js";

// Imported only when it is its turn, so that a part runs alone with what it needs alone.
const parts = {
  wire: () => import("./wire.js"),
  redaction: () => import("./redaction.js"),
  guard: () => import("./guard.js"),
  temporal: () => import("./temporal.js"),
  scale: () => import("./scale.js"),
  size: () => import("./size.js"),
  import: () => import("./import.js"),
  "buf-plugin": () => import("./buf-plugin.js"),
};

const machine = {
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  cpu: cpus()[0]?.model ?? "unknown CPU",
  cores: availableParallelism(),
};

const help = `Measures this package against what a user would do without it, everything in one run.
Build first: npm run build.

Usage: npm run bench [-- PART ... --json --quick]

Parts, all by default:
  wire        the token of an encoded execution: reading it against decoding all, changing it
              against a copy
  redaction   redacted JSON and copies, against plain ones
  guard       a call with callbackTokenGuard, against one without
  temporal    payloads against plain JSON; the handshake on a Temporal server (TEMPORAL_ADDRESS,
              else \`temporal\` on the PATH) against activities written by hand
  size        what entry points and small apps weigh
  import      how long the import of an entry point takes
  buf-plugin  buf lint with the plugin, against without

Options:
  --json      print everything as JSON; with npm run --silent, nothing else is printed
  --quick     measure next to nothing: shows that the benchmark works
  --help      print this

Ratios are medians, with the goal beside them. Whether it is met is for the reader to judge.`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const names = Object.keys(parts);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`expected a part of ${names.join(", ")}; got "${unknown}"`);
  }
  const effort = values.quick ? quick : full;
  const { node, platform, cpu, cores } = machine;
  if (!values.json) console.log(`Node ${node}, ${platform}, ${cpu}, ${cores} cores\n`);
  /** @type {Record<string, unknown>} */
  const reports = {};
  for (const [name, load] of Object.entries(parts)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const { bench } = await load();
    const report = await bench(effort);
    reports[name] = report;
    if (!values.json) console.log(`${asTable(report)}\n`);
  }
  if (values.json) console.log(JSON.stringify({ machine, effort, parts: reports }));
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
