import { affectedBy } from "./affected.js";

/**
 * @typedef {import("./steps.js").Result & { name: string, error?: string, place?: Place }} StepResult
 * @typedef {import("./existing-place.js").Place} Place
 */

/**
 * @param {readonly StepResult[]} results
 */
export function asText(results) {
  const lines = results.flatMap(({ name, findings, advice, note, error }) => {
    const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
    const state = error !== undefined ? "could not run" : findings.length > 0 ? count : "clean";
    return [
      `${name.padEnd(10)} ${state}${note === undefined ? "" : ` (${note})`}`,
      ...(error === undefined ? [] : error.split("\n").map((line) => `  ${line}`)),
      ...findings.map(
        (finding) =>
          `  ${placeOf(finding)}: ${finding.rule}\n    ${finding.message}${waiverIn(finding, "\n    Its line: ")}`,
      ),
      ...(findings.length > 0 ? [`  What to do: ${advice}`] : []),
    ];
  });
  return lines.join("\n");
}

/**
 * @param {readonly StepResult[]} results
 */
export function asJson(results) {
  return JSON.stringify(
    {
      steps: results.map(({ name, findings, advice, note, error }) => ({
        name,
        state: error !== undefined ? "could-not-run" : findings.length > 0 ? "findings" : "clean",
        ...(error === undefined ? {} : { error }),
        ...(note === undefined ? {} : { note }),
        ...(findings.length > 0 ? { findings, advice } : {}),
      })),
    },
    null,
    2,
  );
}

/**
 * Workflow commands of GitHub Actions, which show each finding at its line.
 *
 * @param {readonly StepResult[]} results
 * @param {string} prefix The path of the checkout in its repository, with a slash behind it.
 */
export function asGithubActions(results, prefix) {
  const command = (
    /** @type {"error" | "notice"} */ level,
    /** @type {Record<string, string | number | undefined>} */ properties,
    /** @type {string} */ text,
  ) => {
    const shown = Object.entries(properties).filter(([, value]) => value !== undefined);
    const list = shown.map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
    return `::${level} ${list.join(",")}::${escaped(text)}`;
  };
  const at = (/** @type {Place | undefined} */ place) =>
    place && { file: `${prefix}${place.path}`, line: place.line, col: place.column };
  const lines = results.flatMap(({ name, findings, advice, note, error, place }) => [
    ...(error === undefined ? [] : [command("error", { ...at(place), title: name }, error)]),
    ...(note === undefined ? [] : [command("notice", { title: name }, note)]),
    ...findings.map((finding) =>
      command(
        "error",
        { ...at(finding), title: finding.rule },
        `${finding.message} ${advice}${waiverIn(finding, " Its line: ")}`,
      ),
    ),
  ]);
  return lines.join("\n");
}

/**
 * The summary of a pull request: what changes, for whom, and what to do. One line where all is clean.
 *
 * @param {readonly StepResult[]} results
 */
export function asMarkdown(results) {
  const told = results.filter(({ findings, error }) => findings.length > 0 || error !== undefined);
  const notes = results.flatMap(({ note }) => (note === undefined ? [] : [`${cell(note)}.`]));
  if (told.length === 0) return ["**The contract: nothing breaks.**", ...notes].join("\n\n");
  const parts = told.map(({ name, findings, advice, error }) => {
    if (error !== undefined) return `#### ${name} could not run\n\n${fenced(error)}`;
    const isBreaking = name === "breaking" || name === "activities";
    const rows = findings.map((finding) => {
      const { rule, message, waiver } = finding;
      const whom = isBreaking ? affectedBy(rule).join(", ") : "";
      const line = waiver === undefined ? "" : `<br>To release it: ${cell(waiver)}`;
      return `| ${cell(message)}<br>\`${rule}\` at \`${placeOf(finding)}\`${line} | ${whom} |`;
    });
    const head = isBreaking ? "| what breaks | for whom |" : `| ${name} | |`;
    return [head, "| --- | --- |", ...rows, "", `**What to do:** ${advice}`].join("\n");
  });
  return ["### The contract", ...notes, ...parts].join("\n\n");
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}

/** @param {string} text */
function fenced(text) {
  return `~~~text\n${text}\n~~~`;
}

/** @param {import("./steps.js").Finding} finding */
function placeOf({ path, line, column }) {
  return [path, line, column].filter(Boolean).join(":");
}

/**
 * @param {import("./steps.js").Finding} finding
 * @param {string} before
 */
function waiverIn({ waiver }, before) {
  return waiver === undefined ? "" : `${before}${waiver}`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** @param {string} text */
function escapedProperty(text) {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
