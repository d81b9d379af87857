// Writes all that is made from something else. See --help.
import { parseArgs } from "node:util";
import { derivations, driftOf, measure, measured } from "./derive/derivations.js";

const derived = Object.keys(derivations);
const names = [...derived, ...Object.keys(measured)];

const linesOf = (/** @type {Readonly<Record<string, { what: string, from: string }>>} */ all) =>
  Object.entries(all)
    .map(([name, { what, from }]) => `  ${name.padEnd(11)}  ${what}, from ${from}`)
    .join("\n");

const help = `Writes all that is made from something else. Needs no build.

Usage: npm run derive [-- NAME ... --check --all]

Names, all of these by default:
${linesOf(derivations)}

Measured by tests, which skip what they lack the tools for; by their names, or with --all:
${linesOf(measured)}

Options:
  --check  write nothing, list the files that differ
  --all    also what is measured
  --help   print this

Exit status: 0 done, or nothing differs; 1 something differs; 2 could not run.`;

/** @returns {Promise<number>} */
async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      check: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`expected names of ${names.join(", ")}; got "${unknown}"`);
  }
  const chosen = positionals.length > 0 ? positionals : values.all ? names : derived;
  const write = !values.check;
  const drift = [];
  // One after the other, because some are made from what others have written.
  for (const name of derived.filter((name) => chosen.includes(name))) {
    drift.push(...(await driftOf(name, { write })));
  }
  if (write) {
    for (const { path, state } of drift) {
      console.log(`${state === "surplus" ? "removed" : "wrote"}  ${path}`);
    }
  } else if (drift.length > 0) {
    console.error("These are not what they are derived from; run `npm run derive` and commit:");
    for (const { path, state } of drift) console.error(`  ${state}  ${path}`);
  }
  const failed = Object.keys(measured).filter(
    (name) => chosen.includes(name) && !measure(name, write),
  );
  return failed.length > 0 || (!write && drift.length > 0) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`derive: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
