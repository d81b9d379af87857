// Tests the packed package in other people's projects (test/consumers), and compares the table of tools
// with what this run has done. Run by `npm run derive -- consumers`, writes the table.
import { renderTable } from "./consumers/table.js";
import { runTests } from "./derive/run-tests.js";
import { isDeriving, readSection, writeSection } from "./derive/sections.js";

/** @import { Test } from "./consumers/table.js" */
/** @import { TestFile } from "./derive/run-tests.js" */

runTests("consumers", "build/test-results-consumers.json", keepTable);

/** @param {TestFile<Test>[]} files */
function keepTable(files) {
  const table = renderTable(files.flatMap(({ assertionResults }) => assertionResults));
  if (isDeriving) {
    writeSection("consumers", table);
  } else if (readSection("consumers").trim() !== table) {
    console.error("The table of tools is not what this run has done; write it with");
    console.error("`npm run derive -- consumers` and commit:");
    console.error(table);
    process.exitCode = 1;
  }
}
