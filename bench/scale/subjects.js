/**
 * How a caller waits for an execution.
 *
 * @typedef {"async by hand" | "polling by hand" | "nexus" | "ours"} SubjectName
 */

/**
 * @typedef {object} Subject
 * @property {string} caller the workflow that waits
 * @property {string} runner the workflow that runs the execution
 * @property {boolean} serviceStarts whether the execution service starts the runner
 * @property {["caller" | "runner" | "service", string]} [beat] the call that is made once in each interval
 */

/** @type {Record<SubjectName, Subject>} */
export const subjects = {
  "async by hand": { caller: "asyncCaller", runner: "asyncRunner", serviceStarts: true },
  "polling by hand": {
    caller: "pollingCaller",
    runner: "quietRunner",
    serviceStarts: true,
    beat: ["service", "get"],
  },
  nexus: { caller: "nexusCaller", runner: "quietRunner", serviceStarts: false },
  ours: {
    caller: "caller",
    runner: "runner",
    serviceStarts: true,
    beat: ["runner", "RespondActivityTaskFailed"],
  },
};
