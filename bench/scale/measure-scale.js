import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { callsBetween } from "./calls.js";
import { startHandshakes } from "./handshakes.js";

/** @import { Calls } from "./calls.js" */
/** @import { OfSides, World } from "./handshakes.js" */
/** @import { SubjectName } from "./subjects.js" */

/**
 * What many open handshakes take. Times are in milliseconds, memory is in bytes.
 *
 * @typedef {object} Measured
 * @property {Calls} opening
 * @property {Calls} open in the time in which all are open and nothing else happens
 * @property {Calls} ending
 * @property {number} openedWithin from the first start until all runners run
 * @property {number} endedWithin from the first end until all callers have their results
 * @property {OfSides} memory of the fleets, more than before any was open
 * @property {OfSides} memoryAfterRestart more than right after the restart
 * @property {OfSides} events in the history of a caller's and of a runner's workflow
 */

/**
 * Opens handshakes, leaves them open for a while, kills the fleets of both sides and starts them
 * again, and ends the handshakes.
 *
 * @param {SubjectName} name
 * @param {World} world
 * @returns {Promise<Measured>}
 */
export async function measureScale(name, world) {
  const { open, times } = world;
  const handshakes = await startHandshakes(name, world);
  try {
    // What workers load for the first of their tasks is no part of the others.
    const first = idsOf(Math.min(open, 20));
    await handshakes.open(first);
    await handshakes.end(first);

    const ids = idsOf(open);
    const memoryBefore = await handshakes.memory();
    const before = handshakes.calls();
    const opening = performance.now();
    await handshakes.open(ids);
    const openedWithin = performance.now() - opening;
    // Their workflows finish what they have been doing, and all heartbeats have begun.
    await sleep(2 * times.heartbeatInterval);
    const allOpen = handshakes.calls();
    await sleep(times.open);
    const stillOpen = handshakes.calls();
    const memory = difference(memoryBefore, await handshakes.memory());

    await handshakes.restart();
    const memoryRestarted = await handshakes.memory();
    await sleep(2 * times.heartbeatInterval);
    const memoryAfterRestart = difference(memoryRestarted, await handshakes.memory());

    const beforeEnd = handshakes.calls();
    const ending = performance.now();
    await handshakes.end(ids);
    const endedWithin = performance.now() - ending;
    const ended = handshakes.calls();
    await handshakes.assertResults(ids);
    return {
      opening: callsBetween(before, allOpen),
      open: callsBetween(allOpen, stillOpen),
      ending: callsBetween(beforeEnd, ended),
      openedWithin,
      endedWithin,
      memory,
      memoryAfterRestart,
      events: await handshakes.events(ids[0] ?? ""),
    };
  } finally {
    await handshakes.stop();
  }
}

/** @param {number} count */
function idsOf(count) {
  return Array.from({ length: count }, () => `wex-${randomUUID()}`);
}

/**
 * @param {OfSides} before
 * @param {OfSides} after
 * @returns {OfSides}
 */
function difference(before, after) {
  return { caller: after.caller - before.caller, runner: after.runner - before.runner };
}
