import { do_not_optimize, measure } from "mitata";
import { addTime } from "./times.js";

/** @import { Size } from "../fixtures/index.js" */
/** @import { Effort } from "./effort.js" */
/** @import { Times } from "./times.js" */

/**
 * Measures functions, even ones that take less than the clock can tell: mitata times batches of
 * calls.
 *
 * @param {Record<string, () => unknown>} subjects
 * @param {Effort} effort
 */
export async function measureFunctions(subjects, { rounds, milliseconds }) {
  /** @type {Times} */
  const times = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const [name, subject] of Object.entries(subjects)) {
      const { p50 } = await measure(() => do_not_optimize(subject()), {
        min_cpu_time: milliseconds * 1e6,
        min_samples: 5,
        // What takes less than 3 ms is timed 32 calls at a time, so that a sample has its share of
        // the garbage collection, as one of what takes longer has anyway.
        batch_samples: 32,
        batch_threshold: 3e6,
        warmup_threshold: 30e6,
        // A forced collection would take the hidden classes of the messages that a subject has left
        // behind, and with them its optimized code: no application pays for that in every round.
        gc: false,
      });
      addTime(times, name, p50);
    }
  }
  return times;
}

/**
 * Measures calls one by one, which must take long for that: requests, processes.
 *
 * @param {Record<string, () => unknown>} subjects may be asynchronous
 * @param {number} rounds
 */
export async function measureCalls(subjects, rounds) {
  /** @type {Times} */
  const times = new Map();
  const turns = Object.entries(subjects);
  for (let round = 0; round < rounds; round++) {
    for (const [name, subject] of turns) {
      const start = performance.now();
      await subject();
      addTime(times, name, (performance.now() - start) * 1e6);
    }
    // None always comes after the same other.
    turns.reverse();
  }
  return times;
}

/**
 * Measures functions whose results grow with the size: batches of small ones, else call by call. What
 * the allocator and the garbage collector do about large results changes within milliseconds, and
 * only in turns does it meet all alike.
 *
 * @param {Size} size
 * @param {Record<string, () => unknown>} subjects
 * @param {Effort} effort
 */
export function measureAtSize(size, subjects, effort) {
  return size === "4 KB"
    ? measureFunctions(subjects, effort)
    : measureCalls(subjects, effort.calls);
}

/**
 * The same value from another buffer with each call, so that V8 cannot take a function of it out of
 * the loop.
 *
 * @param {Uint8Array} bytes
 * @returns {() => Uint8Array}
 */
export function rotate(bytes) {
  const copies = Array.from({ length: 8 }, () => bytes.slice());
  let turn = 0;
  return () => /** @type {Uint8Array} */ (copies[turn++ % 8]);
}
