// Tests the stubs of all languages on the packed package (test/codegen), prints how long it takes to
// generate them again, and compares the table of it with what this run has found. Run by
// `npm run derive -- codegen`, writes the table.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./buf.js";
import { isSameTable, renderTable } from "./codegen/table.js";
import { timeLines } from "./codegen/times.js";
import { isDeriving, readSection, writeSection } from "./derive/sections.js";

/** @import { Test } from "./codegen/table.js" */

const results = join(root, "build/codegen-results.json");

try {
  parseArgs();
  rmSync(results, { force: true });
  const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run"];
  const config = ["--config", "test/codegen/vitest.config.ts"];
  const { status } = spawnSync(process.execPath, [...vitest, ...config], {
    cwd: root,
    stdio: "inherit",
  });
  if (status === 0) report();
  else process.exitCode = 1;
} catch (error) {
  console.error(`test-codegen: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

function report() {
  /** @type {{ testResults: { name: string, assertionResults: Test[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(results, "utf8"));
  // Vitest runs first what took long the last time, and a cell would follow that order.
  testResults.sort((one, other) => one.name.localeCompare(other.name));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  reportTimesOf(tests);
  keepTableOf(tests);
}

/** @param {Test[]} tests */
function reportTimesOf(tests) {
  for (const { meta } of tests) {
    if (meta?.seconds === undefined) continue;
    for (const line of timeLines(meta.seconds)) console.log(line);
  }
}

/** @param {Test[]} tests */
function keepTableOf(tests) {
  const { table, languages } = renderTable(tests);
  const entries = readdirSync(join(root, "codegen"), { withFileTypes: true });
  // TypeScript needs no template.
  if (languages < entries.filter((entry) => entry.isDirectory()).length + 1) {
    console.log("skipped: the table is kept as it is, as not all languages were there:");
    console.log(table);
  } else if (isDeriving) {
    writeSection("codegen", table);
  } else if (!isSameTable(readSection("codegen"), table)) {
    console.error("The table of other languages is not what this run has found; write it with");
    console.error("`npm run derive -- codegen` and commit:");
    console.error(table);
    process.exitCode = 1;
  }
}
