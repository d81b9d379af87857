/**
 * How much is measured.
 *
 * @typedef {object} Effort
 * @property {boolean} quick only what shows that the benchmark works
 * @property {number} rounds
 * @property {number} milliseconds for each function in each round
 * @property {number} calls for each subject that is measured call by call
 * @property {number} processes for each subject that is a process
 * @property {number} open handshakes that are open at once
 */

/** @type {Effort} */
export const full = {
  quick: false,
  rounds: 11,
  milliseconds: 40,
  calls: 300,
  processes: 15,
  open: 1_000,
};

/** @type {Effort} */
export const quick = { quick: true, rounds: 1, milliseconds: 5, calls: 3, processes: 1, open: 5 };
