import { loadModule } from "../derive/load-module.js";

/** @typedef {typeof import("../../test/temporal/server.js")} Server */

/**
 * What a use of a Temporal server gives, which is started for it as for the tests.
 *
 * @template T
 * @param {(address: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function onTemporalServer(use) {
  /** @type {Server} */
  const { startTemporalServer } = await loadModule("test/temporal/server.ts");
  const server = await startTemporalServer();
  try {
    return await use(server.address);
  } finally {
    await server.stop();
  }
}
