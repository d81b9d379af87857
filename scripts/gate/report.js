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
      `${name.padEnd(9)} ${state}${note === undefined ? "" : ` (${note})`}`,
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
    place && { file: `${prefix}${place.path}`, line: place.line ?? 1, col: place.column };
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

/** @param {import("./steps.js").Finding} finding */
function placeOf({ path, line = 1, column }) {
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
