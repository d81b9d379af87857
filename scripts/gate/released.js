import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../buf.js";
import { activitiesBeside } from "./baseline.js";

/**
 * A commit that a change of the contract is measured by.
 *
 * @typedef {object} Reference
 * @property {string} name
 * @property {string} commit
 * @property {boolean} isRelease
 */

/**
 * The commits that a change is measured by: that of the tag of the released version, and that from which
 * a pull request branches off. Neither is there in a copy without its history.
 *
 * @param {string} version
 * @returns {Reference[]}
 */
export function references(version) {
  const { GITHUB_BASE_REF, CI_MERGE_REQUEST_TARGET_BRANCH_NAME } = process.env;
  const target = GITHUB_BASE_REF || CI_MERGE_REQUEST_TARGET_BRANCH_NAME;
  const tag = `v${version}`;
  const release = git("rev-parse", "--verify", "--quiet", `refs/tags/${tag}^{commit}`);
  const base = target && git("merge-base", `refs/remotes/origin/${target}`, "HEAD");
  if (target && !base) {
    throw new Error(
      `expected origin/${target}, which the pull request goes to, and the history up to it; check out with fetch-depth: 0`,
    );
  }
  return [
    ...(release ? [{ name: `the release ${tag}`, commit: release.trim(), isRelease: true }] : []),
    ...(base ? [{ name: `origin/${target}`, commit: base.trim(), isRelease: false }] : []),
  ];
}

/**
 * The baseline that a change is compared with: the one that is there, or in a pull request that brings
 * a new one, the one that it replaces, so that nothing passes by becoming the baseline itself.
 *
 * @param {{ version: string, path: string }} baseline
 */
export function replacedBaseline(baseline) {
  const base = references(baseline.version).find(({ isRelease }) => !isRelease);
  const paths = base
    ? filesAt(base.commit, "baseline").filter((path) => path.endsWith("/contract.binpb"))
    : [];
  const [path] = paths;
  if (base === undefined || path === undefined || paths.includes(baseline.path)) return baseline;
  for (const file of [path, activitiesBeside(path)]) {
    const copy = join(root, "build", file);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, fileAt(base.commit, file) ?? "");
  }
  return { version: path.split("/")[1] ?? "", path: `build/${path}` };
}

/**
 * A file as it was at a commit; undefined when there was none.
 *
 * @param {string} commit
 * @param {string} path
 */
export function fileAt(commit, path) {
  const { status, stdout } = runGit("show", `${commit}:./${path}`);
  return status === 0 ? stdout : undefined;
}

/**
 * The files that were there at a commit, and are not the same now.
 *
 * @param {string} commit
 * @param {string} pattern
 */
export function changedSince(commit, pattern) {
  const options = ["--name-only", "--no-renames", "--diff-filter=a", "--relative"];
  const list = git("diff", ...options, commit, "--", pattern) ?? "";
  return list.split("\n").filter(Boolean);
}

/**
 * The files that a folder had at a commit, also in folders.
 *
 * @param {string} commit
 * @param {string} folder
 */
function filesAt(commit, folder) {
  const list = git("ls-tree", "-r", "--name-only", commit, `./${folder}/`) ?? "";
  return list.split("\n").filter(Boolean);
}

/** @param {...string} args */
function git(...args) {
  const { status, stdout } = runGit(...args);
  return status === 0 ? stdout.toString() : undefined;
}

/** @param {...string} args */
function runGit(...args) {
  return spawnSync("git", args, { cwd: root, maxBuffer: 2 ** 28 });
}
