import { ok } from "node:assert/strict";
import { equals } from "@bufbuild/protobuf";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import { workflowFixture } from "./fixtures/index.js";
import { measureCalls } from "./harness/measure.js";
import { timeRow } from "./harness/times.js";
import { countCalls } from "./temporal/calls.js";
import { startHandshakes } from "./temporal/handshakes.js";
import { importServer } from "./temporal/import-server.js";
import { comparePayloads } from "./temporal/payloads.js";

/** @import { Effort } from "./harness/effort.js" */
/** @import { Goal, Group, Report, Row } from "./harness/report.js" */
/** @import { Subject } from "./temporal/handshakes.js" */

/** @type {Record<string, Subject>} */
const subjects = {
  handBare: { activities: "by hand", runner: "runner" },
  oursBare: { activities: "ours", runner: "runner" },
  handPublishing: { activities: "by hand", runner: "publishingRunner" },
  oursPublishing: { activities: "ours", runner: "runnerWithCallback" },
};

/**
 * What is compared: ours with what somebody writes by hand, on the same workflows but for
 * `withCallback`.
 */
const comparisons = [
  {
    name: "nothing else done",
    hand: { subject: "handBare", name: "activities by hand" },
    ours: { subject: "oursBare", name: "activities of this package" },
  },
  {
    name: "status published twice",
    hand: { subject: "handPublishing", name: "activities by hand" },
    ours: { subject: "oursPublishing", name: "activities of this package, withCallback" },
  },
];

const atATime = 20;

/**
 * Executions as payloads, and whole handshakes on a Temporal server.
 *
 * @param {Effort} effort
 * @returns {Promise<Report>}
 */
export async function bench(effort) {
  const title = "temporal: payloads and handshakes";
  const checked = ["an execution is the same after it was a payload"];
  const groups = await comparePayloads(effort);
  const { startTemporalServer } = await importServer();
  let server;
  try {
    server = await startTemporalServer();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { title, checked, skipped: `the handshakes: ${reason}`, groups };
  }
  try {
    groups.push(...(await compareHandshakes(server.address, effort)));
    const { message } = finished();
    groups.push(...(await countCalls(server.address, message, effort.quick ? 2 : 20)));
  } finally {
    await server.stop();
  }
  checked.push("the caller's workflow returns the status that the runner has ended with");
  return { title, checked, groups };
}

/** An execution with the status that its runner ends with. */
function finished() {
  const fixture = workflowFixture("4 KB");
  if (fixture.message.status) fixture.message.status.phase = ExecutionPhase.EXECUTION_COMPLETED;
  return fixture;
}

/**
 * @param {string} address
 * @param {Effort} effort
 * @returns {Promise<Group[]>}
 */
async function compareHandshakes(address, { quick, calls, rounds }) {
  const { message, bytes } = finished();
  const { make, stop } = await startHandshakes(address, subjects, message);
  try {
    for (const [name, handshake] of Object.entries(make)) {
      const status = await handshake();
      ok(message.status && equals(WorkflowExecutionStatusSchema, status, message.status), name);
    }
    const batch = quick ? atATime : 2 * atATime;
    const batches = Object.fromEntries(
      Object.entries(make).map(([name, handshake]) => [name, () => makeMany(handshake, batch)]),
    );
    // Until V8 has optimized what is called.
    await measureCalls(batches, quick ? 0 : 1);
    const alone = await measureCalls(make, Math.ceil(calls / 4));
    const together = await measureCalls(batches, Math.ceil(rounds / 2));
    return comparisons.flatMap(({ name, hand, ours }) => [
      {
        name: `one handshake, ${name}`,
        bytes: bytes.length,
        ratio: "time / by hand",
        rows: [
          timeRow(alone, hand.subject, hand),
          timeRow(alone, ours.subject, { ...ours, base: hand.subject, goal: { atMost: 1.1 } }),
        ],
      },
      {
        name: `${atATime} at a time, ${name}`,
        bytes: bytes.length,
        ratio: "throughput / by hand",
        rows: [
          perSecond(timeRow(together, hand.subject, hand), batch),
          perSecond(timeRow(together, ours.subject, { ...ours, base: hand.subject }), batch, {
            atLeast: 0.9,
          }),
        ],
      },
    ]);
  } finally {
    await stop();
  }
}

/**
 * @param {() => Promise<unknown>} handshake
 * @param {number} count
 */
async function makeMany(handshake, count) {
  let left = count;
  const makeSome = async () => {
    while (left-- > 0) await handshake();
  };
  await Promise.all(Array.from({ length: atATime }, makeSome));
}

/**
 * @param {Row} row the time of a batch
 * @param {number} batch
 * @param {Goal} [goal]
 * @returns {Row}
 */
function perSecond({ name, value, ratio }, batch, goal) {
  return {
    name,
    value: (batch * 1e9) / value,
    unit: "per second",
    ...(ratio !== undefined && { ratio: 1 / ratio }),
    ...(goal !== undefined && { goal }),
  };
}
