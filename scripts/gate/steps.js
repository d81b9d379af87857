import { readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { buf, root } from "../buf.js";
import { derivations, driftOf } from "../derive/derivations.js";
import { elementsOf, findBaseline } from "./baseline.js";
import { sectionOf } from "./changelog.js";
import { existingPlace } from "./existing-place.js";
import { findUnformatted } from "./find-unformatted.js";
import { isAtLeast, lowestVersion } from "./release-rule.js";
import { brokenElements, isWaived, waiverFor } from "./waiver.js";

/**
 * @typedef {object} Finding
 * @property {string} path
 * @property {number} [line]
 * @property {number} [column]
 * @property {string} rule
 * @property {string} message
 * @property {string} [waiver] The line of the changelog that has it released all the same.
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
  const version = packageVersion();
  const lowest = lowestVersion(baseline.version, "breaking");
  const isRaised = semver.gt(version, baseline.version) && isAtLeast(version, lowest);
  const target = isRaised ? version : lowest;
  const entries = isRaised ? (changelogSection(version)?.breaking ?? []) : [];
  const against = ["--against", baseline.path, "--exclude-imports"];
  const broken = brokenElements(bufFindings("breaking", ...against), elementsOf(baseline.path));
  const waived = broken.filter((element) => isWaived(element, entries));
  const open = broken.filter((element) => !waived.includes(element));
  return {
    findings: open.map((element) => ({ ...element.finding, waiver: waiverFor(element, broken) })),
    advice: `Undo each, or release it as ${target}: ${isRaised ? "" : "set the version in package.json and "}write its line in CHANGELOG.md, section ${target}, part "### Breaking".`,
    ...(waived.length > 0 && { note: noteOf(waived, baseline.version, version) }),
  };
}

/**
 * @param {readonly import("./waiver.js").Broken[]} waived
 * @param {string} released
 * @param {string} version
 */
function noteOf(waived, released, version) {
  const changes = waived.length === 1 ? "1 breaking change" : `${waived.length} breaking changes`;
  const list = waived.map(({ name, finding }) => `${name} ${finding.rule}`).join(", ");
  return `${changes} since ${released}, to be released as ${version}: ${list}`;
}

/** @param {string} version */
function changelogSection(version) {
  return sectionOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version);
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
  if (semver.eq(version, baseline.version) || changelogSection(version)) return { findings: [] };
  const message = `CHANGELOG.md has no section for version ${version}.`;
  return {
    findings: [{ path: "CHANGELOG.md", rule: "RELEASE_CHANGELOG", message }],
    advice: `Write a section "## ${version}" that tells who upgrades what has changed.`,
  };
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
