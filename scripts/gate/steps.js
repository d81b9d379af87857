import { readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { buf, root } from "../buf.js";
import { derivations, driftOf } from "../derive/derivations.js";
import { activitiesBeside, elementsOf, findBaseline, tarballBeside } from "./baseline.js";
import { brokenHistories } from "./broken-histories.js";
import { changedActivities } from "./changed-activities.js";
import { sectionOf } from "./changelog.js";
import { existingPlace } from "./existing-place.js";
import { findUnformatted } from "./find-unformatted.js";
import { packagesWithoutEntryPoint } from "./packages.js";
import { activitiesSource, readActivities } from "./read-activities.js";
import { isAtLeast, lowestVersion } from "./release-rule.js";
import { changedSince, fileAt, references, replacedBaseline } from "./released.js";
import { brokenElements, isWaived, waiverFor } from "./waiver.js";
import { weakenedIn } from "./weakened.js";

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
export const steps = {
  format,
  guard,
  lint,
  breaking,
  histories,
  activities,
  stubs,
  exports: exported,
  derived,
  release,
};

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

/**
 * Whether what the gate itself goes by is as it was released, and as it is where a pull request goes to.
 *
 * @returns {Result}
 */
function guard() {
  const { version, path: image } = findBaseline();
  const config = readFileSync(join(root, "buf.yaml"), "utf8");
  const all = references(version);
  const kept = [image, activitiesBeside(image), tarballBeside(image)];
  const changed = all.flatMap(({ name, commit, isRelease }) => {
    const paths = kept.filter((path) => {
      const before = fileAt(commit, path);
      return before === undefined ? isRelease : !before.equals(readFileSync(join(root, path)));
    });
    return [...paths, ...changedSince(commit, "baseline/*/histories/*")].map((path) => ({
      ...existingPlace({ path }),
      rule: "BASELINE_CHANGED",
      message: `${path} is not what it is in ${name}.`,
    }));
  });
  // Where it goes to, rules may have been loosened since the release.
  const last = all.at(-1);
  const before = last && fileAt(last.commit, "buf.yaml")?.toString();
  const weakened = before === undefined ? [] : weakenedIn(before, config);
  const findings = [
    ...changed,
    ...weakened.map((what) => ({
      path: "buf.yaml",
      rule: "RULES_WEAKENED",
      message: `buf.yaml ${what}, unlike in ${last?.name}.`,
    })),
  ];
  return {
    findings,
    advice:
      "Undo each. Only `npm run release` makes a baseline. Loosen a rule by a pull request of its own, which somebody merges in spite of this.",
  };
}

/** @returns {Result} */
function breaking() {
  const baseline = replacedBaseline(findBaseline());
  const against = ["--against", baseline.path, "--exclude-imports"];
  const elements = elementsOf(baseline.path);
  const found = brokenElements(bufFindings("breaking", "apis", ...against), elements);
  const looser = found.filter(({ finding }) => finding.rule === "STIGMER_VALIDATION_NOT_LOOSER");
  const broken = found
    .filter((element) => !looser.includes(element))
    // The first rules say what services have refused before there were any.
    .filter(
      ({ finding }) => elements.hasRules || finding.rule !== "STIGMER_VALIDATION_NOT_STRICTER",
    );
  const note = looser.length > 0 ? noteOfLooser(looser, baseline.version) : undefined;
  return unlessReleased(broken, baseline.version, "Undo each", note);
}

/**
 * Whether workers of the released version can work together with those of this one.
 *
 * @returns {Result}
 */
function activities() {
  const { version, path } = replacedBaseline(findBaseline());
  /** @type {import("./read-activities.js").Activities} */
  const released = JSON.parse(readFileSync(join(root, activitiesBeside(path)), "utf8"));
  const { activities: current, places } = readActivities();
  const broken = changedActivities(released, current).map(({ name, signature, what }) => {
    const rule = "ACTIVITY_CHANGED";
    const message = `${name}: ${what}. Workers of ${version} call and serve ${signature}, for as long as an execution is open.`;
    const place = places.get(name) ?? { path: activitiesSource };
    return { finding: { ...place, rule, message }, name, names: [name] };
  });
  const instead = "Undo each; add an argument at the end that may be left out, or another activity";
  return unlessReleased(broken, version, instead);
}

/**
 * What is broken and must not be, since the changelog does not say it of a version that may.
 *
 * @param {readonly import("./waiver.js").Broken[]} broken
 * @param {string} released
 * @param {string} instead What to do rather than to break it.
 * @param {string} [found] What is to be noted besides.
 * @returns {Result}
 */
function unlessReleased(broken, released, instead, found) {
  const version = packageVersion();
  const lowest = lowestVersion(released, "breaking");
  const isRaised = semver.gt(version, released) && isAtLeast(version, lowest);
  const target = isRaised ? version : lowest;
  const entries = isRaised ? (changelogSection(version)?.breaking ?? []) : [];
  const waived = broken.filter((element) => isWaived(element, entries));
  const open = broken.filter((element) => !waived.includes(element));
  const notes = [
    ...(waived.length > 0 ? [noteOf(waived, released, version)] : []),
    ...(found === undefined ? [] : [found]),
  ];
  return {
    findings: open.map((element) => ({ ...element.finding, waiver: waiverFor(element, broken) })),
    advice: `${instead}, or release it as ${target}: ${isRaised ? "" : "set the version in package.json and "}write its line in CHANGELOG.md, section ${target}, part "### Breaking".`,
    ...(notes.length > 0 && { note: notes.join("; ") }),
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

/**
 * @param {readonly import("./waiver.js").Broken[]} looser
 * @param {string} released
 */
function noteOfLooser(looser, released) {
  const list = looser.map(({ name, finding }) => `${name} at ${finding.path}:${finding.line}`);
  return `looser rules than in ${released}, so that who reads by those refuses some of what is valid now: ${list.join(", ")}`;
}

/** @param {string} version */
function changelogSection(version) {
  return sectionOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version);
}

/**
 * Whether executions that are open since a release go on with the workflow code as it is.
 *
 * @returns {Promise<Result>}
 */
async function histories() {
  return {
    findings: await brokenHistories(findBaseline().version),
    advice:
      "Undo it, or let those executions go on as they began, by `patched()` of @temporalio/workflow. CONTRIBUTING.md has an example.",
  };
}

/** @returns {Promise<Result>} */
function stubs() {
  return upToDate("STUBS", ["stubs"]);
}

/** @returns {Result} */
function exported() {
  return {
    findings: packagesWithoutEntryPoint().map(({ name, entryPoint }) => ({
      path: "package.json",
      rule: "ENTRY_POINT",
      message: `"exports" has no "${entryPoint}" for the package ${name}.`,
    })),
    advice: "Add it as CONTRIBUTING.md says.",
  };
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
