// Tests the stubs of all languages on the packed package (test/codegen), prints how long it takes to
// generate them again, and compares the table in docs/other-languages.md with what this run has found. With
// --write, writes the table.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./buf.js";
import { readSection, replaceSection } from "./codegen/section.js";
import { isSameTable, renderTable } from "./codegen/table.js";
import { timeLines } from "./codegen/times.js";

/** @import { Test } from "./codegen/table.js" */

const results = join(root, "build/codegen-results.json");
const page = "docs/other-languages.md";

try {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  rmSync(results, { force: true });
  const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run"];
  const config = ["--config", "test/codegen/vitest.config.ts"];
  const { status } = spawnSync(process.execPath, [...vitest, ...config], {
    cwd: root,
    stdio: "inherit",
  });
  if (status === 0) report(values.write);
  else process.exitCode = 1;
} catch (error) {
  console.error(`test-codegen: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

/** @param {boolean} write */
function report(write) {
  /** @type {{ testResults: { assertionResults: Test[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(results, "utf8"));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  reportTimesOf(tests);
  compareTableOf(tests, write);
}

/** @param {Test[]} tests */
function reportTimesOf(tests) {
  for (const { meta } of tests) {
    if (meta?.seconds === undefined) continue;
    for (const line of timeLines(meta.seconds)) console.log(line);
  }
}

/**
 * @param {Test[]} tests
 * @param {boolean} write
 */
function compareTableOf(tests, write) {
  const { table, languages } = renderTable(tests);
  const entries = readdirSync(join(root, "codegen"), { withFileTypes: true });
  // TypeScript needs no template.
  if (languages < entries.filter((entry) => entry.isDirectory()).length + 1) {
    console.log(`The table in ${page} is not compared, as not all languages were there:`);
    console.log(table);
    return;
  }
  const text = readFileSync(join(root, page), "utf8");
  if (write) {
    writeFileSync(join(root, page), replaceSection(text, table));
  } else if (!isSameTable(readSection(text), table)) {
    console.error(`The table in ${page} is not what this run has found; correct it with`);
    console.error("`npm run test:codegen -- --write` and commit:");
    console.error(table);
    process.exitCode = 1;
  }
}
