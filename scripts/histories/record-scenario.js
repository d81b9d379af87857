import { AsyncCompletionClient } from "@temporalio/client";
import { participantOf } from "./participant.js";
import { scenarios } from "./scenarios.js";
import { until } from "./until.js";
import { withoutPlace } from "./without-place.js";

/** @import { CallbackToken } from "@stigmer/apis" */
/** @import { Client } from "@temporalio/client" */
/** @import { Handshakes, Run } from "./handshakes.js" */
/** @import { Participant } from "./participant.js" */

/**
 * What a scenario acts on.
 *
 * @typedef {object} Stage
 * @property {Participant} caller
 * @property {Participant} runner
 * @property {Participant} nested the runner of what the runner waits for
 * @property {(name: string) => Promise<void>} open records the histories as they are, under this name
 * @property {() => void} releaseReports
 * @property {(end: (client: AsyncCompletionClient, token: CallbackToken) => Promise<void>) => Promise<void>} endActivity
 * ends the caller's activity, as an operator would
 */

/**
 * Runs a scenario once.
 *
 * @param {Client} client
 * @param {Handshakes} handshakes
 * @param {string} scenario
 * @param {string} workflowId of the caller
 * @returns {Promise<Map<string, object>>} histories by their names
 */
export async function recordScenario(client, handshakes, scenario, workflowId) {
  const { kind = "workflow", plan = {}, options, more = 0, drive } = scenarios[scenario] ?? {};
  const bounds = { scheduleToCloseTimeout: "1h", heartbeatTimeout: "1h", ...options };
  await client.workflow.start("call", {
    ...{ taskQueue: handshakes.taskQueue, workflowId },
    args: [kind, { scenario, ...plan }, bounds, more],
  });

  const runs = () => handshakes.runsOf(scenario);
  const runAt = async (/** @type {number} */ index) => {
    await until(`${scenario} starts run ${index + 1}`, () => runs().length > index);
    return /** @type {Run} */ (runs()[index]);
  };
  const participantAt = (/** @type {number} */ index) =>
    participantOf(`${scenario}: run ${index + 1}`, async () =>
      client.workflow.getHandle((await runAt(index)).executionId),
    );
  const caller = participantOf(`${scenario}: caller`, async () =>
    client.workflow.getHandle(workflowId),
  );
  const all = () => [caller, ...runs().map((_, index) => participantAt(index))];

  /** @type {Map<string, object>} */
  const histories = new Map();
  /** @type {Map<string, number>} */
  const lengths = new Map();
  const take = async (/** @type {string} */ stage) => {
    const roles = { caller: [workflowId], runner: runs().map(({ executionId }) => executionId) };
    for (const [role, ids] of Object.entries(roles)) {
      const taken = (await Promise.all(ids.map((id) => historiesOf(client, id)))).flat();
      for (const [index, history] of taken.entries()) {
        const part = `${scenario}.${role}${taken.length > 1 ? `-${index + 1}` : ""}`;
        const { length } = history.events;
        // Nothing has happened to it since the last stage.
        if (lengths.get(part) === length) continue;
        lengths.set(part, length);
        histories.set(`${part}.${stage}`, history);
      }
    }
  };

  await drive?.({
    caller,
    runner: participantAt(0),
    nested: participantAt(1),
    async open(stage) {
      await Promise.all(all().map((it) => it.rests()));
      await take(stage);
    },
    releaseReports: () => handshakes.release(scenario),
    async endActivity(end) {
      const { token } = await runAt(0);
      const completion = new AsyncCompletionClient({
        ...{ connection: client.connection, identity: client.options.identity },
        dataConverter: client.options.dataConverter,
      });
      await end(completion, /** @type {CallbackToken} */ (token));
    },
  });
  await caller.ends();
  await Promise.all(all().map((it) => it.ends()));
  await take("ended");
  return histories;
}

/**
 * The histories of a workflow, one for each run.
 *
 * @param {Client} client
 * @param {string} workflowId
 */
async function historiesOf(client, workflowId) {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const histories = [];
  let runId = raw.workflowExecutionInfo?.firstRunId;
  while (runId) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.push(withoutPlace(history));
    const end = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
    runId = end?.newExecutionRunId;
  }
  return histories;
}
