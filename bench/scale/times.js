/**
 * @typedef {object} Times in milliseconds
 * @property {number} heartbeatInterval also between two polls
 * @property {number} heartbeatTimeout
 * @property {number} open for how long calls are counted while all are open
 */

/**
 * The defaults of the package.
 *
 * @type {Times}
 */
export const full = { heartbeatInterval: 10_000, heartbeatTimeout: 60_000, open: 60_000 };

/** @type {Times} */
export const quick = { heartbeatInterval: 500, heartbeatTimeout: 10_000, open: 3_000 };
