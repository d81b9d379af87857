import { setTimeout as sleep } from "node:timers/promises";

/**
 * Resolves when the condition holds; fails after a minute, with what it was about.
 *
 * @param {string} what
 * @param {() => boolean | Promise<boolean>} holds
 */
export async function until(what, holds) {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`expected, but not within a minute: ${what}`);
    await sleep(200);
  }
}
