// Records the histories of the version in package.json. See --help.
import { parseArgs } from "node:util";
import { packageVersion } from "./gate/steps.js";
import { folderOf, writeHistories } from "./histories/files.js";
import { onTemporalServer } from "./histories/on-temporal-server.js";
import { recordHistories } from "./histories/record-histories.js";

const help = `Records the histories of the workflow code as it is, on a Temporal server, as those of the version in
package.json. \`npm run release\` does it for a version that is released.

Usage: npm run record-histories

Exit status: 0 recorded, 2 could not run.`;

async function main() {
  const { values } = parseArgs({ options: { help: { type: "boolean" } } });
  if (values.help) {
    console.log(help);
    return;
  }
  const version = packageVersion();
  const histories = await onTemporalServer(recordHistories);
  writeHistories(version, histories);
  console.log(`Wrote ${histories.size} histories to ${folderOf(version)}/.`);
}

try {
  await main();
} catch (error) {
  console.error(`record-histories: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
