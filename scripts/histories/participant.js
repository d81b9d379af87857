import { until } from "./until.js";

/** @import { WorkflowHandle } from "@temporalio/client" */

/** @typedef {ReturnType<typeof participantOf>} Participant */

/**
 * A workflow of a scenario, in its latest run. What waits resolves when the workflow is there.
 *
 * @param {string} name
 * @param {() => Promise<WorkflowHandle>} handleOf waits until it is started
 */
export function participantOf(name, handleOf) {
  /** @type {(what: string, holds: (handle: WorkflowHandle) => Promise<boolean>) => Promise<void>} */
  const untilIt = async (what, holds) => {
    const handle = await handleOf();
    await until(`${name} ${what}`, () => holds(handle));
  };
  /** @param {WorkflowHandle} handle */
  const pendingOf = async (handle) => (await handle.describe()).raw.pendingActivities ?? [];

  return {
    /** Until its activity has left the worker, and waits for an execution. */
    waits: () =>
      untilIt("waits", async (handle) =>
        (await pendingOf(handle)).some(
          ({ activityType, heartbeatDetails }) =>
            activityType?.name?.startsWith("Execute") && heartbeatDetails,
        ),
      ),
    /** Until an activity of this type has failed, and is tried again. @param {string} type */
    retries: (type) =>
      untilIt(`retries ${type}`, async (handle) =>
        (await pendingOf(handle)).some(
          ({ activityType, attempt = 0 }) => activityType?.name === type && (attempt ?? 0) > 1,
        ),
      ),
    /** Until its history has as many events of this kind. @param {string} kind @param {number} [count] */
    has: (kind, count = 1) =>
      untilIt(`has ${count} ${kind}`, async (handle) => {
        const { events } = await handle.fetchHistory();
        const attributes =
          /** @type {keyof import("@temporalio/proto").temporal.api.history.v1.IHistoryEvent} */ (
            `${kind}EventAttributes`
          );
        return (events ?? []).filter((event) => event[attributes]).length >= count;
      }),
    ends: () =>
      untilIt("ends", async (handle) => (await handle.describe()).status.name !== "RUNNING"),
    continuesAsNew: () =>
      untilIt("continues as new", async (handle) => {
        const { raw } = await handle.describe();
        const info = raw.workflowExecutionInfo;
        return info?.execution?.runId !== info?.firstRunId;
      }),
    finish: async () => (await handleOf()).signal("finish"),
    cancel: async () => void (await (await handleOf()).cancel()),
    terminate: async () => void (await (await handleOf()).terminate()),
    /** Until no task of it is on its way, so that its history is that of what waits. */
    rests: () =>
      untilIt("rests", async (handle) => !(await handle.describe()).raw.pendingWorkflowTask),
  };
}
