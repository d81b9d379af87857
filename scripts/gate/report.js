/**
 * @typedef {import("./steps.js").Result & { name: string, error?: string }} StepResult
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
        (finding) => `  ${placeOf(finding)}: ${finding.rule}\n    ${finding.message}`,
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
 */
export function asGithubActions(results) {
  const lines = results.flatMap(({ name, findings, advice, note, error }) => [
    ...(error === undefined ? [] : [`::error title=${name}::${escaped(error)}`]),
    ...(note === undefined ? [] : [`::notice title=${name}::${escaped(note)}`]),
    ...findings.map(({ path, line, column, rule, message }) => {
      const place = [
        `file=${path}`,
        ...(line ? [`line=${line}`] : []),
        ...(column ? [`col=${column}`] : []),
      ];
      return `::error ${place.join(",")},title=${rule}::${escaped(`${message} ${advice}`)}`;
    }),
  ]);
  return lines.join("\n");
}

/** @param {import("./steps.js").Finding} finding */
function placeOf({ path, line, column }) {
  return [path, line, column].filter(Boolean).join(":");
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
