// Tests the stubs of all languages on the packed package (test/codegen), prints how long it takes to
// generate them again, and compares the table of it with what this run has found. Run by
// `npm run derive -- codegen`, writes the table.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./buf.js";
import { isSameTable, renderTable } from "./codegen/table.js";
import { timeLines } from "./codegen/times.js";
import { runTests } from "./derive/run-tests.js";
import { isDeriving, readSection, writeSection } from "./derive/sections.js";

/** @import { Test } from "./codegen/table.js" */
/** @import { TestFile } from "./derive/run-tests.js" */

runTests("codegen", "build/codegen-results.json", report);

/** @param {TestFile<Test>[]} files */
function report(files) {
  // Vitest runs first what took long the last time, and a cell would follow that order.
  files.sort((one, other) => one.name.localeCompare(other.name));
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
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
