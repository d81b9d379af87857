// Tests the packed package in other people's projects (test/consumers), and compares the table of tools
// with what this run has done. Run by `npm run derive -- consumers`, writes the table.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./buf.js";
import { renderTable } from "./consumers/table.js";
import { isDeriving, readSection, writeSection } from "./derive/sections.js";

/** @import { Test } from "./consumers/table.js" */

const results = join(root, "build/test-results-consumers.json");

try {
  parseArgs();
  rmSync(results, { force: true });
  const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run"];
  const config = ["--config", "test/consumers/vitest.config.ts"];
  const { status } = spawnSync(process.execPath, [...vitest, ...config], {
    cwd: root,
    stdio: "inherit",
  });
  if (status === 0) keepTable();
  else process.exitCode = 1;
} catch (error) {
  console.error(`test-consumers: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

function keepTable() {
  /** @type {{ testResults: { assertionResults: Test[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(results, "utf8"));
  const table = renderTable(testResults.flatMap(({ assertionResults }) => assertionResults));
  if (isDeriving) {
    writeSection("consumers", table);
  } else if (readSection("consumers").trim() !== table) {
    console.error("The table of tools is not what this run has done; write it with");
    console.error("`npm run derive -- consumers` and commit:");
    console.error(table);
    process.exitCode = 1;
  }
}
