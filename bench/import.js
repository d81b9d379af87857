import { spawnSync } from "node:child_process";
import { root } from "../scripts/buf.js";
import { entryPoints } from "./harness/entry-points.js";
import { addTime, timeRow } from "./harness/times.js";

/** @import { Effort } from "./harness/effort.js" */
/** @import { Report } from "./harness/report.js" */
/** @import { Times } from "./harness/times.js" */

const base = "@bufbuild/protobuf";

/**
 * How long the import of each entry point takes in a fresh process.
 *
 * @param {Effort} effort
 * @returns {Promise<Report>}
 */
export async function bench({ processes }) {
  const subjects = ["data:text/javascript,", base, ...entryPoints];
  /** @type {Times} */
  const times = new Map();
  for (let round = 0; round < processes; round++) {
    for (const subject of subjects) addTime(times, subject, importTime(subject));
    subjects.reverse();
  }
  return {
    title: "import: time in a fresh process, whose own start is not counted",
    checked: [],
    groups: [
      {
        name: "",
        ratio: `time / ${base}`,
        rows: [
          timeRow(times, "data:text/javascript,", { base, name: "an empty module" }),
          timeRow(times, base),
          ...entryPoints.map((entryPoint) => timeRow(times, entryPoint, { base })),
        ],
      },
    ],
  };
}

/**
 * @param {string} specifier
 * @returns {number} nanoseconds
 */
function importTime(specifier) {
  const script = `const start = performance.now();
    await import(${JSON.stringify(specifier)});
    console.log((performance.now() - start) * 1e6);`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`import of ${specifier} failed:\n${stderr}`);
  return Number(stdout);
}
