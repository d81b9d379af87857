import { startCountingProxy } from "./counting-proxy.js";
import { startHandshakes } from "./handshakes.js";

/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Group, Row } from "../harness/report.js" */
/** @import { CountingProxy } from "./counting-proxy.js" */
/** @import { Handshakes, Subject } from "./handshakes.js" */

const heartbeat = "caller's server: RecordActivityTaskHeartbeat";

/** @type {Record<string, Subject>} */
const subjects = {
  "by hand": { activities: "by hand", runner: "publishingRunner" },
  ours: { activities: "ours", runner: "runnerWithCallback" },
  heartbeating: { activities: "ours", runner: "heartbeatingRunner" },
};

/**
 * How many calls a handshake makes, and a heartbeat, to each of the servers: the workers of caller and
 * runner reach Temporal through proxies that count.
 *
 * @param {string} address of the Temporal server
 * @param {WorkflowExecution} execution
 * @param {number} count of handshakes
 * @returns {Promise<Group[]>}
 */
export async function countCalls(address, execution, count) {
  const [caller, runner] = await Promise.all([
    startCountingProxy(address),
    startCountingProxy(address),
  ]);
  const handshakes = await startHandshakes(address, subjects, execution, {
    callerAddress: caller.address,
    runnerAddress: runner.address,
  });
  const counted = { caller, runner, handshakes };
  try {
    /** @param {string} name */
    const callsOfEach = async (name) => {
      const calls = await callsOf(counted, async () => {
        for (let made = 0; made < count; made++) await handshakes.make[name]?.();
      });
      return new Map([...calls].map(([call, value]) => [call, value / count]));
    };
    const byHand = await callsOfEach("by hand");
    const ours = await callsOfEach("ours");
    const heartbeating = await callsOf(counted, async () => {
      await handshakes.make.heartbeating?.();
    });
    // What there is beside the handshake around them.
    const more = [...heartbeating].map(([call, value]) => [call, value - (ours.get(call) ?? 0)]);
    const beats = Number(more.find(([call]) => call === heartbeat)?.[1] ?? 1);
    const perBeat = new Map(more.map(([call, value]) => [String(call), Number(value) / beats]));
    return [
      { name: "calls of a handshake, by hand", rows: rowsOf(byHand) },
      { name: "calls of a handshake, ours", rows: rowsOf(ours) },
      { name: `calls of each of ${beats.toFixed(0)} heartbeats, ours`, rows: rowsOf(perBeat) },
    ];
  } finally {
    await handshakes.stop();
    caller.stop();
    runner.stop();
  }
}

/**
 * @param {{ caller: CountingProxy, runner: CountingProxy, handshakes: Handshakes }} counted
 * @param {() => Promise<void>} act
 */
async function callsOf({ caller, runner, handshakes }, act) {
  /** @type {[string, () => Map<string, number>][]} */
  const servers = [
    ["caller's server", caller.calls],
    ["runner's server", runner.calls],
    ["execution service", handshakes.calls],
  ];
  const before = servers.map(([, calls]) => calls());
  await act();
  return new Map(
    servers.flatMap(([server, calls], index) =>
      [...calls()].map(
        /** @returns {[string, number]} */ ([method, total]) => [
          `${server}: ${method}`,
          total - (before[index]?.get(method) ?? 0),
        ],
      ),
    ),
  );
}

/**
 * @param {Map<string, number>} calls
 * @returns {Row[]}
 */
function rowsOf(calls) {
  return [...calls]
    .filter(([, value]) => value > 0.05)
    .map(([name, value]) => ({ name, value, unit: "calls" }));
}
