import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for a condition. Throws when nothing has come any nearer for three minutes.
 *
 * @param {string} what
 * @param {number} wanted
 * @param {() => number | Promise<number>} count
 */
export async function until(what, wanted, count) {
  let best = -1;
  let since = Date.now();
  for (;;) {
    const now = await count();
    if (now >= wanted) return;
    if (now > best) {
      best = now;
      since = Date.now();
    } else if (Date.now() - since > 180_000) {
      throw new Error(`expected ${wanted} ${what}, got ${now}, and no more for three minutes`);
    }
    await sleep(100);
  }
}
