import { ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
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
import { untilReached } from "./until-reached.js";

/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Calls } from "./calls.js" */
/** @import { SubjectName } from "./subjects.js" */
/** @import { Times } from "./times.js" */
/** @import { WorkerConfig } from "./worker.js" */

/**
 * @typedef {object} World
 * @property {string} address of the Temporal server
 * @property {string} codePath of the bundle of the workflows
 * @property {string} payloadConverterPath
 * @property {WorkflowExecution} execution what is asked for, and the status that it ends with
 * @property {number} open how many handshakes at once
 * @property {number} processes in each fleet
 * @property {Times} times
 */

/** @typedef {{ readonly caller: number, readonly runner: number }} OfSides */

/**
 * @typedef {object} Handshakes
 * @property {(ids: readonly string[]) => Promise<void>} open returns when all runners run
 * @property {(ids: readonly string[]) => Promise<void>} end returns when all callers have ended
 * @property {(ids: readonly string[]) => Promise<void>} assertResults
 * @property {() => Promise<void>} restart kills the fleets of both sides, and starts as many workers
 * @property {() => Calls} calls so far
 * @property {() => Promise<OfSides>} memory of the fleets, in bytes
 * @property {(id: string) => Promise<OfSides>} events in the histories of caller and runner
 * @property {() => Promise<void>} stop
 */

/**
 * An execution service, and the fleets of a caller and of a runner. All of them reach Temporal through
 * proxies that count.
 *
 * @param {SubjectName} name
 * @param {World} world
 * @returns {Promise<Handshakes>}
 */
export async function startHandshakes(name, world) {
  const { address, codePath, payloadConverterPath, execution, open, processes, times } = world;
  const subject = subjects[name];
  const { status } = execution;
  if (!status) throw new Error("expected an execution with a status");
  // The service writes the audit.
  const { audit: _, ...expected } = status;
  const encodedStatus = Buffer.from(toBinary(WorkflowExecutionStatusSchema, status));
  const run = randomUUID();
  const endpoint = `scale-${run}`;
  const queues = { caller: `caller-${run}`, runner: `runner-${run}` };
  let ended = 0;

  /** @type {(() => unknown)[]} */
  const stops = [];
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };

  /** @param {string} at */
  async function connect(at) {
    const connection = await Connection.connect({ address: at });
    stops.push(() => connection.close());
    return new Client({ connection, dataConverter: { payloadConverterPath } });
  }

  async function startProxy() {
    const proxy = await startCountingProxy(address);
    stops.push(proxy.stop);
    return proxy;
  }

  /**
   * @param {"caller" | "runner"} side
   * @param {Pick<WorkerConfig, "callerAddress" | "runnerAddress" | "serviceUrl">} places
   */
  async function startWorkers(side, places) {
    const config = {
      ...places,
      subject: name,
      side,
      taskQueue: queues[side],
      codePath,
      payloadConverterPath,
      // One that polls takes a slot for as long as its execution is open.
      activitySlots: name === "polling by hand" ? open + 100 : 100,
      status: encodedStatus.toString("base64"),
    };
    const fleet = await startFleet(config, processes);
    stops.push(fleet.stop);
    return fleet;
  }

  /** @param {Client} client */
  async function createEndpoint({ connection: { operatorService } }) {
    const target = { worker: { namespace: "default", taskQueue: queues.runner } };
    const created = await operatorService.createNexusEndpoint({ spec: { name: endpoint, target } });
    const { id = null, version = null } = created.endpoint ?? {};
    stops.push(() => operatorService.deleteNexusEndpoint({ id, version }));
  }

  try {
    const callerProxy = await startProxy();
    const runnerProxy = await startProxy();
    const client = await connect(address);
    const starter = await connect(runnerProxy.address);
    const service = await startExecutionService(async ({ metadata, spec }) => {
      if (name === "Nexus") return;
      const workflowId = metadata?.id ?? "";
      await starter.workflow.start(subject.runner, {
        taskQueue: queues.runner,
        workflowId,
        args: [workflowId, status, spec?.callbackToken, times],
      });
    });
    stops.push(service.stop);
    if (name === "Nexus") await createEndpoint(client);
    const places = {
      callerAddress: callerProxy.address,
      runnerAddress: runnerProxy.address,
      serviceUrl: service.baseUrl,
    };
    const caller = await startWorkers("caller", places);
    const runner = await startWorkers("runner", places);
    /** @param {string} id */
    const callerOf = (id) => client.workflow.getHandle(`caller-${id}`);

    return {
      async open(ids) {
        const running = service.running() + ids.length;
        await inPool(ids, async (id) => {
          const request = clone(WorkflowExecutionSchema, execution);
          delete request.status;
          if (request.metadata) request.metadata.id = id;
          await client.workflow.start(subject.caller, {
            taskQueue: queues.caller,
            workflowId: `caller-${id}`,
            args: [request, times, endpoint],
          });
        });
        await untilReached("running executions", running, service.running);
      },
      async end(ids) {
        ended += ids.length;
        await inPool(ids, (id) => client.workflow.getHandle(id).signal("end"));
        await untilReached("callers that have ended", ended, async () => {
          const query = `TaskQueue = "${queues.caller}" AND ExecutionStatus != "Running"`;
          return (await client.workflow.count(query)).count;
        });
      },
      async assertResults(ids) {
        await inPool(ids, async (id) => {
          const { audit: _, ...result } = await callerOf(id).result();
          ok(equals(WorkflowExecutionStatusSchema, result, expected), `${name}: another result`);
        });
      },
      async restart() {
        await Promise.all([caller.restart(), runner.restart()]);
      },
      calls: () => ({
        caller: callerProxy.calls(),
        runner: runnerProxy.calls(),
        service: service.calls(),
      }),
      memory: async () => ({ caller: await caller.memory(), runner: await runner.memory() }),
      async events(id) {
        const ofCaller = await callerOf(id).describe();
        const ofRunner = await client.workflow.getHandle(id).describe();
        return { caller: ofCaller.historyLength, runner: ofRunner.historyLength };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
