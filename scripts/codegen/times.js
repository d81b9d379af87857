/** Seconds on two cores. Whether they are met is for the reader to judge: others use a machine too. */
const goals = new Map([
  ["TypeScript", 2],
  ["together", 8],
]);

/**
 * The times of generating the stubs again, as lines of text.
 *
 * @param {Record<string, number>} seconds by language
 */
export function timeLines(seconds) {
  const together = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  return [
    "To generate the stubs again, with everything downloaded:",
    ...Object.entries({ ...seconds, together }).map(([name, time]) => {
      const goal = goals.get(name);
      const limit = goal === undefined ? "" : `  at most ${goal} s`;
      return `  ${name.padEnd(10)}  ${time.toFixed(1).padStart(4)} s${limit}`;
    }),
  ];
}
