/** @typedef {"caller" | "runner" | "service"} Server whose Temporal server, or the execution service */

/** @typedef {Record<Server, ReadonlyMap<string, number>>} Calls of each server, by method */

export const servers = /** @type {const} */ ({
  caller: "caller's server",
  runner: "runner's server",
  service: "execution service",
});

/**
 * @param {Calls} before
 * @param {Calls} after
 * @returns {Calls}
 */
export function callsBetween(before, after) {
  /** @param {Server} server */
  const of = (server) =>
    new Map(
      [...after[server]].map(([method, count]) => [
        method,
        count - (before[server].get(method) ?? 0),
      ]),
    );
  return { caller: of("caller"), runner: of("runner"), service: of("service") };
}

/**
 * @param {Calls} calls
 * @param {Server} server
 */
export function totalOf(calls, server) {
  return [...calls[server].values()].reduce((sum, count) => sum + count, 0);
}
