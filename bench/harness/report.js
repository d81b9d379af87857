/** @typedef {{ atLeast: number } | { atMost: number }} Goal */

/**
 * One line of the table.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {number} value
 * @property {"ns" | "bytes" | "per second" | "calls" | "events"} unit
 * @property {number} [ratio] to what the group says
 * @property {Goal} [goal] of the ratio, or of the value when there is no ratio
 */

/**
 * Rows that belong together.
 *
 * @typedef {object} Group
 * @property {string} name
 * @property {number} [bytes] of the encoded execution
 * @property {string} [ratio] what the rows' ratios are
 * @property {Row[]} rows
 */

/**
 * What one part of the benchmark found.
 *
 * @typedef {object} Report
 * @property {string} title
 * @property {string[]} checked what was found equal before anything was measured
 * @property {string} [skipped] what was not measured, and why
 * @property {Group[]} groups
 */

/**
 * @param {Report} report
 * @returns {string}
 */
export function asTable({ title, checked, skipped, groups }) {
  const lines = [`== ${title}`, ...checked.map((check) => `   checked: ${check}`)];
  if (skipped !== undefined) lines.push(`   skipped: ${skipped}`);
  for (const { name, bytes, ratio = "", rows } of groups) {
    const size = bytes === undefined ? "" : show(bytes, "bytes");
    lines.push("", line(name, size, ratio, rows.some(({ goal }) => goal) ? "goal" : ""));
    for (const row of rows) {
      lines.push(
        line(`  ${row.name}`, show(row.value, row.unit), row.ratio?.toFixed(2) ?? "", goalOf(row)),
      );
    }
  }
  return lines.join("\n");
}

/** @param {Row} row */
function goalOf({ goal, ratio, unit }) {
  if (goal === undefined) return "";
  const [text, value] = "atLeast" in goal ? ["at least", goal.atLeast] : ["at most", goal.atMost];
  return `${text} ${ratio === undefined ? show(value, unit) : value.toLocaleString("en")}`;
}

/**
 * @param {number} value
 * @param {Row["unit"]} unit
 */
function show(value, unit) {
  if (unit === "bytes") return `${Math.round(value).toLocaleString("en")} bytes`;
  if (unit === "calls" || unit === "events") return `${value.toFixed(2)} ${unit}`;
  if (unit === "per second") return `${value.toFixed(1)} per second`;
  if (value < 10_000) return `${value.toFixed(0)} ns`;
  if (value < 10_000_000) return `${(value / 1e3).toFixed(0)} us`;
  return `${(value / 1e6).toFixed(1)} ms`;
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} ratio
 * @param {string} goal
 */
function line(name, value, ratio, goal) {
  return `${name.padEnd(46)} ${value.padStart(15)} ${ratio.padStart(26)}  ${goal}`.trimEnd();
}
