// Checks apis/ and all that is derived from it. See --help.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { root } from "./buf.js";
import { asGithubActions, asJson, asMarkdown, asText } from "./gate/report.js";
import { runSteps } from "./gate/run-steps.js";
import { steps } from "./gate/steps.js";

/** @typedef {readonly import("./gate/report.js").StepResult[]} Results */

const names = Object.keys(steps);
const formats = {
  text: asText,
  json: asJson,
  markdown: asMarkdown,
  "github-actions": (/** @type {Results} */ results) =>
    asGithubActions(results, pathInRepository()),
};

const help = `Checks the contract: whether a change breaks its users, and whether all that is derived
from it is up to date.

Usage: npm run gate [-- STEP ... --format FORMAT]

Steps, all by default:
  format      apis/ is formatted as \`buf format\` does it
  guard       the baseline is that of its release, and buf.yaml no weaker; in a pull request
              also than where it goes to (GITHUB_BASE_REF, CI_MERGE_REQUEST_TARGET_BRANCH_NAME)
  lint        apis/ keeps the rules of buf.yaml, buf's and our own
  breaking    nothing is broken since the contract in baseline/, or the version says so
  histories   executions of released versions, ended and open, are replayed by src/
  activities  workers of the version in baseline/ can call and serve those of src/temporal/
  stubs       gen/ is what apis/ gives
  exports     every package of apis/ has an entry point in package.json
  derived     all else that is derived is up to date: npm run derive -- --check
  release     the version and CHANGELOG.md tell what has changed

Options:
  --format  ${Object.keys(formats).join(", ")}
  --help    print this

Exit status: 0 clean, 1 findings, 2 could not run.`;

/** Where the checkout is in its repository: empty, unless that holds more than this package. */
function pathInRepository() {
  const git = spawnSync("git", ["rev-parse", "--show-prefix"], { cwd: root, encoding: "utf8" });
  return git.status === 0 ? git.stdout.trim() : "";
}

/** @returns {Promise<number>} */
async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { format: { type: "string", default: "text" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const report = Object.entries(formats).find(([name]) => name === values.format)?.[1];
  if (report === undefined) {
    throw new Error(`expected --format ${Object.keys(formats).join(", ")}; got "${values.format}"`);
  }
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`expected a step of ${names.join(", ")}; got "${unknown}"`);
  const results = await runSteps(positionals.length > 0 ? positionals : names);
  const text = report(results);
  if (text !== "") console.log(text);
  if (results.some(({ error }) => error !== undefined)) return 2;
  return results.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`gate: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
