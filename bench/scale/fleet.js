import { fork } from "node:child_process";
import { once } from "node:events";

/** @import { ChildProcess } from "node:child_process" */
/** @import { WorkerConfig } from "./worker.js" */

/**
 * The worker processes of one side.
 *
 * @typedef {object} Fleet
 * @property {() => Promise<number>} memory of all of them, in bytes
 * @property {() => Promise<void>} restart kills all, then starts as many
 * @property {() => Promise<void>} stop
 */

/**
 * @param {WorkerConfig} config
 * @param {number} size
 * @returns {Promise<Fleet>}
 */
export async function startFleet(config, size) {
  let workers = await startAll();

  async function startAll() {
    const started = Array.from({ length: size }, () =>
      fork(new URL("worker.js", import.meta.url), [JSON.stringify(config)]),
    );
    try {
      await Promise.all(started.map(isReady));
    } catch (error) {
      await killAll(started);
      throw error;
    }
    return started;
  }

  return {
    async memory() {
      const sizes = await Promise.all(workers.map(memoryOf));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    async restart() {
      await killAll(workers);
      workers = await startAll();
    },
    stop: () => killAll(workers),
  };
}

/** @param {ChildProcess} worker */
async function isReady(worker) {
  const ended = once(worker, "exit").then(([code]) => {
    throw new Error(`a worker ended before it was ready, exit code ${code}`);
  });
  await Promise.race([once(worker, "message"), ended]);
  ended.catch(() => {});
}

/**
 * @param {ChildProcess} worker
 * @returns {Promise<number>}
 */
async function memoryOf(worker) {
  const answer = once(worker, "message");
  worker.send("memory");
  return (await answer)[0];
}

/** @param {ChildProcess[]} workers */
async function killAll(workers) {
  await Promise.all(
    workers.map(async (worker) => {
      if (worker.exitCode !== null || worker.signalCode !== null) return;
      const exit = once(worker, "exit");
      worker.kill("SIGKILL");
      await exit;
    }),
  );
}
