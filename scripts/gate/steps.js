import { readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { buf, root } from "../buf.js";
import { derivations, driftOf } from "../derive/derivations.js";
import { enumValueNameIn, findBaseline } from "./baseline.js";
import { elementOf } from "./element-of.js";
import { existingPlace } from "./existing-place.js";
import { findUnformatted } from "./find-unformatted.js";
import { isAtLeast, lowestVersion, missingFromChangelog } from "./release-rule.js";

/**
 * @typedef {object} Finding
 * @property {string} path
 * @property {number} [line]
 * @property {number} [column]
 * @property {string} rule
 * @property {string} message
 *
 * @typedef {object} Result
 * @property {Finding[]} findings
 * @property {string} [advice] What to do about the findings.
 * @property {string} [note] What is worth knowing although it is no finding.
 */

/**
 * The steps of the gate by their names, in their order.
 *
 * @type {Record<string, () => Result | Promise<Result>>}
 */
export const steps = { format, lint, breaking, stubs, derived, release };

/** @returns {Result} */
function format() {
  return { findings: findUnformatted(), advice: "Run `npx buf format -w`." };
}

/** @returns {Result} */
function lint() {
  return {
    findings: bufFindings("lint"),
    advice:
      "Mend each; where a rule is wrong for one element, say so with a comment `// buf:lint:ignore RULE_ID` and the reason.",
  };
}

/** @returns {Result} */
function breaking() {
  const baseline = findBaseline();
  const findings = breakingSince(baseline.path);
  const lowest = lowestVersion(baseline.version, "breaking");
  const version = packageVersion();
  if (findings.length > 0 && semver.gt(version, baseline.version) && isAtLeast(version, lowest)) {
    const changes =
      findings.length === 1 ? "1 breaking change" : `${findings.length} breaking changes`;
    const note = `${changes} since ${baseline.version}, to be released as ${version}`;
    return { findings: [], note };
  }
  return {
    findings,
    advice: `Undo each, or release it as ${lowest}: set the version in package.json and name the element in CHANGELOG.md, section ${lowest}, part "### Breaking".`,
  };
}

/** @returns {Promise<Result>} */
function stubs() {
  return upToDate("STUBS", ["stubs"]);
}

/** @returns {Promise<Result>} */
function derived() {
  return upToDate(
    "DERIVED",
    Object.keys(derivations).filter((name) => name !== "stubs"),
  );
}

/**
 * @param {string} rule
 * @param {readonly string[]} names
 * @returns {Promise<Result>}
 */
async function upToDate(rule, names) {
  const findings = [];
  for (const name of names) {
    const { what = "", from = "", names: path = "buf.yaml" } = derivations[name] ?? {};
    try {
      for (const { path, state } of await driftOf(name)) {
        const relation = state === "differs" ? "differs from" : `is ${state} in`;
        const message = `${path} ${relation} what ${from} gives.`;
        findings.push({ ...existingPlace({ path }), rule, message });
      }
    } catch (error) {
      // What breaks the contract may break this, too, and is to be told all the same. Stubs can be made
      // of every contract that compiles.
      if (name === "stubs") throw error;
      const text = error instanceof Error ? error.message : String(error);
      findings.push({ path, rule, message: `${what} cannot be made from ${from}: ${text}` });
    }
  }
  return { findings, advice: "Run `npm run derive` and commit." };
}

/** @returns {Result} */
function release() {
  const baseline = findBaseline();
  const version = packageVersion();
  if (semver.lt(version, baseline.version)) {
    const message = `The version is ${version}, lower than ${baseline.version}, which has been released.`;
    return {
      findings: [{ path: "package.json", rule: "RELEASE_VERSION", message }],
      advice: "Raise the version.",
    };
  }
  if (semver.eq(version, baseline.version)) return { findings: [] };
  const broken = breakingSince(baseline.path);
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  return {
    findings: missingFromChangelog(changelog, version, elementsOf(broken, baseline.path)).map(
      (problem) => ({
        path: "CHANGELOG.md",
        rule: "RELEASE_CHANGELOG",
        message: `CHANGELOG.md ${problem}.`,
      }),
    ),
    advice: "Tell who upgrades what breaks for whom, and what to do.",
  };
}

/** @type {Map<string, Finding[]>} */
const breakingFindings = new Map();

/**
 * What `buf breaking` finds, asked once for the two steps that want to know.
 *
 * @param {string} baseline
 */
function breakingSince(baseline) {
  const findings =
    breakingFindings.get(baseline) ??
    bufFindings("breaking", "--against", baseline, "--exclude-imports");
  breakingFindings.set(baseline, findings);
  return findings;
}

/**
 * The broken elements. A renamed field, which buf reports also as a changed JSON name, is known by
 * its former name only.
 *
 * @param {readonly Finding[]} findings
 * @param {string} baseline
 */
function elementsOf(findings, baseline) {
  const renamed = findings.filter(({ rule }) => rule === "FIELD_SAME_NAME");
  return findings
    .filter(
      ({ rule, path, line }) =>
        rule !== "FIELD_SAME_JSON_NAME" ||
        !renamed.some((other) => other.path === path && other.line === line),
    )
    .map(({ message }) =>
      elementOf(message, (name, number) => enumValueNameIn(baseline, name, number)),
    );
}

/** The version of the package as it is to be released. @returns {string} */
export function packageVersion() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
}

/**
 * @param {...string} args
 * @returns {Finding[]}
 */
function bufFindings(...args) {
  const { status, stdout, stderr } = buf(...args, "--error-format", "json");
  const lines = stdout.toString().split("\n").filter(Boolean);
  if (status !== 0 && (status !== 100 || lines.length === 0)) {
    throw new Error(`buf ${args[0]} failed:\n${stderr}`);
  }
  return lines.map((text) => {
    const { path = "", start_line: line, start_column: column, type, message } = JSON.parse(text);
    const place = existingPlace({ path, line, column });
    if (type === "COMPILE") {
      const error = new Error(`apis/ does not compile: ${path}:${line}:${column}: ${message}`);
      throw Object.assign(error, { place });
    }
    return { ...place, rule: type, message };
  });
}
