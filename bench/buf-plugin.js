// What the plugin costs: `buf lint` with it, without it, and nine bare starts of Node, which is how
// often buf starts a plugin per command. Build first: npm run build.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buf, root } from "../scripts/buf.js";

const rounds = 15;

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const folder = mkdtempSync(join(tmpdir(), "stigmer-bench-"));
try {
  const config = readFileSync(join(root, "buf.yaml"), "utf8");
  const bare = join(folder, "buf.yaml");
  writeFileSync(
    bare,
    config.replace(/^plugins:\n {2}- .*\n/m, "").replaceAll("    - STIGMER\n", ""),
  );

  /** @type {Record<string, () => void>} */
  const subjects = {
    "buf lint with the plugin": () => lint(),
    "buf lint without it": () => lint("--config", bare),
    "nine times node -e 0": () => {
      for (let start = 0; start < 9; start++) spawnSync(process.execPath, ["-e", "0"]);
    },
  };
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  // In turns, so that whatever else the machine does meets all of them.
  for (let round = 0; round < rounds; round++) {
    for (const [name, subject] of Object.entries(subjects)) {
      const start = performance.now();
      subject();
      times[name]?.push(performance.now() - start);
    }
  }
  const medians = Object.fromEntries(
    Object.entries(times).map(([name, measured]) => [name, median(measured)]),
  );
  const [withPlugin = 0, without = 0, nodes = 0] = Object.values(medians);
  const ratios = {
    "with / without": withPlugin / without,
    "added / nine bare starts": (withPlugin - without) / nodes,
  };
  if (values.json) {
    console.log(JSON.stringify({ rounds, medianMs: medians, ratios }));
  } else {
    for (const [name, ms] of Object.entries(medians)) console.log(row(name, `${ms.toFixed(0)} ms`));
    for (const [name, ratio] of Object.entries(ratios)) console.log(row(name, ratio.toFixed(2)));
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {...string} args */
function lint(...args) {
  const { status, stderr } = buf("lint", ...args);
  // Both must find the same, which is nothing.
  if (status !== 0) throw new Error(`buf lint is not clean:\n${stderr}`);
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * @param {string} name
 * @param {string} value
 */
function row(name, value) {
  return `${name.padEnd(26)} ${value.padStart(8)}`;
}
