import { setTimeout as sleep } from "node:timers/promises";

const patienceMs = 180_000;

/**
 * Waits until a count is reached. Throws when it has not grown for three minutes.
 *
 * @param {string} what is counted
 * @param {number} wanted
 * @param {() => number | Promise<number>} count
 */
export async function untilReached(what, wanted, count) {
  let highest = -1;
  let grownAt = Date.now();
  for (;;) {
    const current = await count();
    if (current >= wanted) return;
    if (current > highest) {
      highest = current;
      grownAt = Date.now();
    } else if (Date.now() - grownAt > patienceMs) {
      throw new Error(`expected ${wanted} ${what}, got ${current}, and no more in three minutes`);
    }
    await sleep(100);
  }
}
