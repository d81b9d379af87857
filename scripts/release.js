// Prepares a release and stops before publishing. See --help.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import semver from "semver";
import { root } from "./buf.js";
import {
  activitiesBeside,
  buildImage,
  findBaseline,
  hasChangedSince,
  imageOf,
  tarballBeside,
} from "./gate/baseline.js";
import { sectionOf } from "./gate/changelog.js";
import { readActivities } from "./gate/read-activities.js";
import { isAtLeast, lowestVersion } from "./gate/release-rule.js";
import { asText } from "./gate/report.js";
import { runSteps } from "./gate/run-steps.js";
import { packageVersion, steps } from "./gate/steps.js";
import { writeHistories } from "./histories/files.js";
import { onTemporalServer } from "./histories/on-temporal-server.js";
import { recordHistories } from "./histories/record-histories.js";

const help = `Prepares the release of the version in package.json: checks that it may be released, shows what it
holds, makes its contract the new baseline, and records the histories of its workflow code, which needs a
Temporal server. Publishing is left to you.

Usage: npm run release [-- --dry-run]

Options:
  --dry-run  show all, write nothing
  --help     print this

Exit status: 0 ready, 1 refused, 2 could not run.`;

/** @returns {Promise<number>} */
async function main() {
  const { values } = parseArgs({
    options: { "dry-run": { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const baseline = findBaseline();
  const version = packageVersion();
  const section = sectionOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version)?.text;
  const hasChanged = hasChangedSince(baseline.path);
  const isOut = semver.eq(version, baseline.version) && !hasChanged;
  // What is out already cannot be released again, but shown.
  const lowest = isOut && values["dry-run"] ? version : lowestNext(baseline.version, hasChanged);
  const refusals = await findRefusals(version, section, baseline.version, lowest);
  if (refusals.length > 0) {
    for (const refusal of refusals) console.error(`release: ${refusal}`);
    return 1;
  }
  const image = buildImage();
  const path = imageOf(version);
  console.log(
    `Version    ${version}, ${isOut ? "which is out already" : `after ${baseline.version}`}`,
  );
  console.log(
    `Baseline   ${path}, ${image.length} bytes, ${isOut ? "as it is" : `in place of ${baseline.path}`}`,
  );
  console.log(`\nChangelog\n\n${section}\n\n${describeTarball()}`);
  if (values["dry-run"]) {
    console.log("\nDry run: nothing was written.");
    return 0;
  }
  const histories = await onTemporalServer(recordHistories);
  replaceBaseline(baseline.path, path, image);
  writeHistories(version, histories);
  console.log(`\nWrote ${dirname(path)}/. What is left to do:`);
  console.log(`  git add baseline && git commit -m "Release ${version}" && git tag v${version}`);
  console.log("  npm publish");
  return 0;
}

/**
 * Every reason why the version may not be released, not only the first.
 *
 * @param {string} version
 * @param {string | undefined} section
 * @param {string} released
 * @param {string} lowest
 * @returns {Promise<string[]>}
 */
async function findRefusals(version, section, released, lowest) {
  const refusals = [];
  const changes = run("git", "status", "--porcelain").trimEnd();
  if (changes !== "") {
    refusals.push(`the work tree is dirty; commit or stash first:\n${changes}`);
  }
  if (run("git", "tag", "--list", `v${version}`) !== "") {
    refusals.push(`the tag v${version} exists already; set a version that is not out`);
  }
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  if (lock.version !== version || lock.packages[""].version !== version) {
    refusals.push(`package-lock.json is of version ${lock.version}; run npm install`);
  }
  if (!section) refusals.push(`CHANGELOG.md has no section for version ${version}; write it`);
  const isReleased = semver.lte(version, released) && version !== lowest;
  if (isReleased || !isAtLeast(version, lowest)) {
    refusals.push(
      `version ${version} cannot follow ${released}; set ${lowest} or higher in package.json`,
    );
  }
  const results = await runSteps(Object.keys(steps));
  if (results.some(({ findings, error }) => findings.length > 0 || error !== undefined)) {
    refusals.push(`the gate fails; mend what it reports:\n${asText(results)}`);
  }
  return refusals;
}

/**
 * The lowest version that what is here may be released as, breaking changes aside: those are the
 * gate's.
 *
 * @param {string} released
 * @param {boolean} hasChanged
 */
function lowestNext(released, hasChanged) {
  return hasChanged
    ? lowestVersion(released, "addition")
    : (semver.inc(released, "patch") ?? released);
}

/**
 * Keeps of this version what the next one is compared with: its contract, the description of its
 * activities, and its package.
 *
 * @param {string} before
 * @param {string} path
 * @param {Uint8Array} image
 */
function replaceBaseline(before, path, image) {
  for (const file of [before, activitiesBeside(before), tarballBeside(before)]) {
    rmSync(join(root, file));
  }
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), image);
  const { activities } = readActivities();
  writeFileSync(join(root, activitiesBeside(path)), `${JSON.stringify(activities, null, 2)}\n`);
  const destination = ["--pack-destination", dirname(path)];
  const name = run("npm", "pack", "--silent", "--ignore-scripts", ...destination).trim();
  renameSync(join(root, dirname(path), name), join(root, tarballBeside(path)));
}

/** The files of the tarball and its size, as npm would publish it. */
function describeTarball() {
  const output = run("npm", "pack", "--dry-run", "--json", "--ignore-scripts");
  const [{ filename, size, unpackedSize, files }] = JSON.parse(output);
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const lines = files.map(
    (/** @type {{ path: string, size: number }} */ file) =>
      `  ${kilobytes(file.size).padStart(9)}  ${file.path}`,
  );
  return [
    `Tarball    ${filename}, ${kilobytes(size)}, unpacked ${kilobytes(unpackedSize)}, ${files.length} files`,
    ...lines,
  ].join("\n");
}

/**
 * @param {string} command
 * @param {...string} args
 */
function run(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args[0]} failed:\n${stderr.trim()}`);
  return stdout;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`release: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
