import semver from "semver";

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
