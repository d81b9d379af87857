import { ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { clone, equals, toBinary } from "@bufbuild/protobuf";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection } from "@temporalio/client";
import { startCountingProxy } from "../temporal/counting-proxy.js";
import { startExecutionService } from "./execution-service.js";
import { startFleet } from "./fleet.js";
import { inPool } from "./in-pool.js";
import { subjects } from "./subjects.js";
import { until } from "./until.js";

/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */
/** @import { SubjectName } from "./subjects.js" */
/** @import { Times } from "./times.js" */

/** @typedef {"caller" | "runner" | "service"} Server */
/** @typedef {Record<Server, Map<string, number>>} Calls by method */

/**
 * @typedef {object} World
 * @property {string} address of the Temporal server
 * @property {string} codePath of the bundle of the workflows
 * @property {string} payloadConverterPath
 * @property {WorkflowExecution} execution what is asked for, and the status that it ends with
 * @property {number} open how many at once
 * @property {number} processes in each fleet
 * @property {Times} times
 */

/**
 * @typedef {object} Measured
 * @property {Calls} starting calls until all are open
 * @property {Calls} standing calls in the time in which all are open
 * @property {Calls} ending
 * @property {{ caller: number, runner: number }} memory of the fleets for all that are open, in bytes
 * @property {{ caller: number, runner: number }} restartedMemory the same after a restart of the fleets
 * @property {{ caller: number, runner: number }} events in the history of a workflow
 * @property {number} opened how long it took to open all, in milliseconds
 * @property {number} through from the first end until all callers have their results
 */

const atATime = 50;
const sides = /** @type {const} */ (["caller", "runner"]);

/**
 * Opens handshakes, lets them stand, restarts the fleets of both sides, and ends all.
 *
 * @param {SubjectName} name
 * @param {World} world
 * @returns {Promise<Measured>}
 */
export async function measureScale(name, world) {
  const { address, codePath, payloadConverterPath, execution, open, processes, times } = world;
  const subject = subjects[name];
  const { status } = execution;
  if (!status) throw new Error("expected an execution with a status");
  const run = randomUUID();
  const queues = { caller: `caller-${run}`, runner: `runner-${run}` };
  const endpoint = `bench-${run}`;
  /** @type {(() => unknown)[]} */
  const stops = [];
  /** @param {string} of */
  async function connect(of) {
    const connection = await Connection.connect({ address: of });
    stops.push(() => connection.close());
    return new Client({ connection, dataConverter: { payloadConverterPath } });
  }
  try {
    const proxies = {
      caller: await startCountingProxy(address),
      runner: await startCountingProxy(address),
    };
    stops.push(proxies.caller.stop, proxies.runner.stop);
    const client = await connect(address);
    const starter = await connect(proxies.runner.address);
    const service = await startExecutionService(
      subject.serviceStarts
        ? async ({ metadata, spec }) => {
            const workflowId = metadata?.id ?? "";
            await starter.workflow.start(subject.runner, {
              taskQueue: queues.runner,
              workflowId,
              args: [workflowId, status, spec?.callbackToken, times],
            });
          }
        : undefined,
    );
    stops.push(service.stop);
    if (name === "nexus") {
      const target = { worker: { namespace: "default", taskQueue: queues.runner } };
      const { operatorService } = client.connection;
      const made = await operatorService.createNexusEndpoint({ spec: { name: endpoint, target } });
      const { id, version } = made.endpoint ?? {};
      stops.push(() => operatorService.deleteNexusEndpoint({ id, version }));
    }
    const [caller, runner] = await Promise.all(
      sides.map((side) =>
        startFleet(
          {
            subject: name,
            side,
            callerAddress: proxies.caller.address,
            runnerAddress: proxies.runner.address,
            serviceUrl: service.baseUrl,
            taskQueue: queues[side],
            codePath,
            payloadConverterPath,
            // A poll takes one for as long as its execution is open.
            slots: name === "polling by hand" ? open + 100 : 100,
            status: Buffer.from(toBinary(WorkflowExecutionStatusSchema, status)).toString("base64"),
          },
          processes,
        ),
      ),
    );
    if (!caller || !runner) throw new Error("expected two fleets");
    stops.push(caller.stop, runner.stop);
    const memory = async () => ({ caller: await caller.memory(), runner: await runner.memory() });
    /** @returns {Calls} */
    const calls = () => ({
      caller: proxies.caller.calls(),
      runner: proxies.runner.calls(),
      service: service.calls(),
    });
    const ids = Array.from({ length: open }, () => `wex-${randomUUID()}`);
    /** @param {number} index */
    const callerOf = (index) => client.workflow.getHandle(`caller-${ids[index]}`);
    /** @param {number} index */
    const runnerOf = (index) => client.workflow.getHandle(String(ids[index]));

    const idle = await memory();
    const before = calls();
    const openedFrom = performance.now();
    await inPool(open, atATime, async (index) => {
      const request = clone(WorkflowExecutionSchema, execution);
      delete request.status;
      if (request.metadata) request.metadata.id = String(ids[index]);
      await client.workflow.start(subject.caller, {
        taskQueue: queues.caller,
        workflowId: `caller-${ids[index]}`,
        args: [request, times, endpoint],
      });
    });
    await until("running executions", open, () => service.running().size);
    const opened = performance.now() - openedFrom;
    const started = calls();

    await sleep(times.open);
    const stood = calls();
    const full = await memory();

    await Promise.all([caller.restart(), runner.restart()]);
    const restartedIdle = await memory();
    await sleep(times.open / 2);
    const restarted = await memory();

    const beforeEnd = calls();
    const endedFrom = performance.now();
    await inPool(open, atATime, async (index) => {
      await runnerOf(index).signal("end");
    });
    await until("callers with a result", open, async () => {
      const query = `TaskQueue = "${queues.caller}" AND ExecutionStatus != "Running"`;
      return (await client.workflow.count(query)).count;
    });
    const through = performance.now() - endedFrom;
    const ended = calls();

    await inPool(open, atATime, async (index) => {
      const result = await callerOf(index).result();
      ok(equals(WorkflowExecutionStatusSchema, result, status), `${name}: another result`);
    });
    const [ofCaller, ofRunner] = await Promise.all([callerOf(0), runnerOf(0)].map((h) => h.describe()));
    return {
      starting: difference(before, started),
      standing: difference(started, stood),
      ending: difference(beforeEnd, ended),
      memory: { caller: full.caller - idle.caller, runner: full.runner - idle.runner },
      restartedMemory: {
        caller: restarted.caller - restartedIdle.caller,
        runner: restarted.runner - restartedIdle.runner,
      },
      events: {
        caller: ofCaller?.historyLength ?? Number.NaN,
        runner: ofRunner?.historyLength ?? Number.NaN,
      },
      opened,
      through,
    };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/**
 * @param {Calls} before
 * @param {Calls} after
 * @returns {Calls}
 */
function difference(before, after) {
  /** @param {Server} server */
  const of = (server) =>
    new Map(
      [...after[server]].map(([name, count]) => [name, count - (before[server].get(name) ?? 0)]),
    );
  return { caller: of("caller"), runner: of("runner"), service: of("service") };
}
