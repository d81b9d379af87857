/** @import { Server } from "./calls.js" */

/** @typedef {"async by hand" | "polling by hand" | "Nexus" | "ours"} SubjectName */

/**
 * How a caller waits for an execution.
 *
 * @typedef {object} Subject
 * @property {string} caller the workflow that waits
 * @property {string} runner the workflow that runs the execution
 * @property {readonly [Server, method: string]} [beat] the call that is made once in each interval
 */

/** @type {Readonly<Record<SubjectName, Subject>>} */
export const subjects = {
  "async by hand": { caller: "asyncCaller", runner: "asyncRunner" },
  "polling by hand": {
    caller: "pollingCaller",
    runner: "quietRunner",
    beat: ["service", "get"],
  },
  Nexus: { caller: "nexusCaller", runner: "quietRunner" },
  ours: { caller: "caller", runner: "runner", beat: ["runner", "RespondActivityTaskFailed"] },
};
