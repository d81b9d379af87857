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

Parts, all but scale by default:
  wire        the token of an encoded execution: reading it against decoding all, changing it
              against a copy
  redaction   redacted JSON and copies, against plain ones
  guard       a call with callbackTokenGuard, against one without
  temporal    payloads against plain JSON; the handshake on a Temporal server (TEMPORAL_ADDRESS,
              else \`temporal\` on the PATH) against activities written by hand
  scale       many handshakes open at once, with all workers killed and started again, against the
              same wait built by hand and with Nexus; takes a quarter of an hour
  size        what entry points and small apps weigh
  import      how long the import of an entry point takes
  buf-plugin  buf lint with the plugin, against without

Options:
  --open N    how many handshakes the part scale opens; 1000 by default
  --json      print everything as JSON; with npm run --silent, nothing else is printed
  --quick     measure next to nothing: shows that the benchmark works
  --help      print this

Ratios are medians, with the goal beside them. Whether it is met is for the reader to judge.`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      open: { type: "string" },
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
  const effort = { ...(values.quick ? quick : full) };
  if (values.open !== undefined) effort.open = handshakesOf(values.open);
  const { node, platform, cpu, cores } = machine;
  if (!values.json) console.log(`Node ${node}, ${platform}, ${cpu}, ${cores} cores\n`);
  /** @type {Record<string, unknown>} */
  const reports = {};
  for (const [name, load] of Object.entries(parts)) {
    if (positionals.length > 0 ? !positionals.includes(name) : name === "scale") continue;
    const { bench } = await load();
    const report = await bench(effort);
    reports[name] = report;
    if (!values.json) console.log(`${asTable(report)}\n`);
  }
  if (values.json) console.log(JSON.stringify({ machine, effort, parts: reports }));
}

/** @param {string} text */
function handshakesOf(text) {
  const open = Number(text);
  if (Number.isSafeInteger(open) && open > 0) return open;
  throw new Error(`expected --open with a whole number above 0; got "${text}"`);
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
