import { median } from "./median.js";

/** @import { Goal, Row } from "./report.js" */

/**
 * The times of several subjects, in nanoseconds, one for each round. In a round each subject has its
 * turn, so that whatever else the machine does meets all of them.
 *
 * @typedef {Map<string, number[]>} Times
 */

/**
 * @param {Times} times
 * @param {string} subject
 * @param {number} time
 */
export function addTime(times, subject, time) {
  times.set(subject, [...(times.get(subject) ?? []), time]);
}

/**
 * @param {Times} times
 * @param {string} subject
 */
export function timeOf(times, subject) {
  return median(times.get(subject) ?? []);
}

/**
 * @param {Times} times
 * @param {string} subject
 * @param {object} [options]
 * @param {string} [options.base] the subject that its ratio is to
 * @param {Goal | undefined} [options.goal]
 * @param {string} [options.name] what it is called in the table
 * @returns {Row}
 */
export function timeRow(times, subject, { base, goal, name = subject } = {}) {
  return {
    name,
    value: timeOf(times, subject),
    unit: "ns",
    ...(base === undefined ? undefined : { ratio: ratioOf(times, subject, base) }),
    ...(goal === undefined ? undefined : { goal }),
  };
}

/**
 * The median of the rounds' ratios, which a change in the machine's load between two rounds leaves
 * alone.
 *
 * @param {Times} times
 * @param {string} subject
 * @param {string} base
 */
function ratioOf(times, subject, base) {
  const bases = times.get(base) ?? [];
  const ratios = times.get(subject)?.map((time, round) => time / (bases[round] ?? Number.NaN));
  return median(ratios ?? []);
}
