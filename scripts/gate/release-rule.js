import semver from "semver";
import { breakingPartOf, sectionOf } from "./changelog.js";

/**
 * The lowest version that a change of the contract may be released as. While the major version is
 * 0, a breaking change raises the minor version and an addition the patch version.
 *
 * @param {string} baseline
 * @param {"breaking" | "addition"} change
 * @returns {string}
 */
export function lowestVersion(baseline, change) {
  const isInitial = semver.major(baseline) === 0;
  const level =
    change === "breaking" ? (isInitial ? "minor" : "major") : isInitial ? "patch" : "minor";
  return semver.inc(baseline, level) ?? baseline;
}

/**
 * Whether a version is high enough. A prerelease is measured by the release that it comes before
 * (Semantic Versioning 2.0.0, 9): `0.2.0-rc.1` may break what `0.2.0` may.
 *
 * @param {string} version
 * @param {string} lowest
 */
export function isAtLeast(version, lowest) {
  const { major, minor, patch } = semver.parse(version, {}, true);
  return semver.gte(`${major}.${minor}.${patch}`, lowest);
}

/**
 * What the changelog's section for a version lacks, given the elements that the version breaks.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {readonly string[]} brokenElements
 * @returns {string[]}
 */
export function missingFromChangelog(changelog, version, brokenElements) {
  const section = sectionOf(changelog, version);
  if (section === undefined || section === "") return [`has no section for version ${version}`];
  if (brokenElements.length === 0) return [];
  const breaking = breakingPartOf(section);
  if (breaking === undefined) return [`has no part "### Breaking" for version ${version}`];
  const isNamed = (/** @type {string} */ element) =>
    new RegExp(`(?<![\\w.])${escaped(element)}(?!\\.?\\w)`).test(breaking);
  return [...new Set(brokenElements)]
    .filter((element) => !isNamed(element))
    .map((element) => `does not name ${element} under "Breaking" for version ${version}`);
}

/**
 * A text as a regular expression that matches it and nothing else.
 *
 * @param {string} text
 */
function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
