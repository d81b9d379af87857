import { elementOf } from "./element-of.js";

/**
 * @typedef {import("./steps.js").Finding} Finding
 *
 * @typedef {object} Broken
 * @property {Finding} finding
 * @property {string} name What the changelog has to call the element.
 * @property {readonly string[]} names All that it may call it.
 */

// What they break is in bytes that are stored, and in executions that are open, long after a release.
const both = ["Open executions:", "Stored bytes:"];
/** @type {Readonly<Record<string, readonly string[]>>} */
const consequences = {
  ACTIVITY_CHANGED: ["Open executions:"],
  RESERVED_MESSAGE_NO_DELETE: both,
  STIGMER_CALLBACK_TOKEN_NOT_MOVED: both,
  STIGMER_FORMER_TOKEN_NOT_REUSED: both,
  STIGMER_REDACTION_KEPT: both,
};

/**
 * The element of each breaking finding. A renamed field, which buf reports also as a changed JSON name,
 * is known by its former name.
 *
 * @param {readonly Finding[]} findings
 * @param {import("./baseline.js").Elements} baseline
 * @returns {Broken[]}
 */
export function brokenElements(findings, { enumValueName, packagesOf }) {
  return findings.map((finding) => {
    const { path, line, rule } = finding;
    const renamed = findings.find(
      (other) =>
        rule === "FIELD_SAME_JSON_NAME" &&
        other.rule === "FIELD_SAME_NAME" &&
        other.path === path &&
        other.line === line,
    );
    const short = elementOf((renamed ?? finding).message, enumValueName);
    const full = `${packageOf(path)}.${short}`;
    const isUnique = packagesOf(short).length <= 1;
    return { finding, name: isUnique ? short : full, names: isUnique ? [short, full] : [full] };
  });
}

/** @param {string} path */
function packageOf(path) {
  return path
    .replace(/^apis\//, "")
    .split("/")
    .slice(0, -1)
    .join(".");
}

/**
 * The line of the changelog that has a broken element released: it names the element and every kind of
 * break.
 *
 * @param {Broken} element
 * @param {readonly Broken[]} all
 */
export function waiverFor(element, all) {
  const rules = all.filter(({ name }) => name === element.name).map(({ finding }) => finding.rule);
  const shown = [...new Set(rules)].sort().map((rule) => `\`${rule}\``);
  const text = `- \`${element.name}\`: ${shown.join(", ")}. What breaks for whom, and what to do.`;
  const asked = new Set(rules.flatMap((rule) => consequences[rule] ?? []));
  return [text, ...[...asked].map((it) => `${it} what becomes of them.`)].join(" ");
}

/**
 * Whether an entry of the changelog says that this element is broken in this way, and for what is
 * secret, what becomes of the executions that are open and of the bytes that are stored.
 *
 * @param {Broken} element
 * @param {readonly import("./changelog.js").Entry[]} entries
 */
export function isWaived({ finding: { rule }, names }, entries) {
  return entries.some(
    ({ codes, text }) =>
      codes.includes(rule) &&
      names.some((name) => codes.includes(name)) &&
      (consequences[rule] ?? []).every((consequence) => isSaid(text, consequence)),
  );
}

/**
 * @param {string} text
 * @param {string} consequence
 */
function isSaid(text, consequence) {
  const [, said = ""] = text.split(new RegExp(consequence, "i"));
  return /^\W*(?!what becomes of them)\w/i.test(said);
}
