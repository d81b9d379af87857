// A worker in a process of its own, so that a test can kill it. It stops at the gates that the test
// has closed, tells the test where it is, and goes on when it is let through.

import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  createExecutionActivities,
  createSystemActivities,
  loggerWithoutTokens,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { asyncLocalStorage } from "@temporalio/activity";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";
import { recordingMeter } from "../recording-meter.js";
import { clientsOver } from "./clients-over.js";
import { transportTo } from "./service-transport.js";

/** @import { Interceptor } from "@connectrpc/connect" */
/** @import { ExecutionActivitiesOptions, TemporalCompleter } from "@stigmer/apis/temporal" */

/**
 * @typedef {object} WorkerConfig
 * @property {"caller" | "runner"} role
 * @property {string} address of its own Temporal server
 * @property {string} [callerAddress] of the server of the callers, when that is another
 * @property {string} [callerNamespace]
 * @property {string} namespace
 * @property {string} taskQueue
 * @property {Parameters<typeof transportTo>[0]} service with the key, for who may read tokens
 * @property {string[]} gates such as `before create`, `after complete`
 * @property {string} codePath of the workflows' bundle
 * @property {ExecutionActivitiesOptions} [callerOptions]
 * @property {string[]} [failureErrorTypes] the errors that fail a workflow, by their names
 * @property {"status" | "execution" | "json"} [result] what completes an activity
 * @property {string} [valuesPath] of the file that gets all that is counted and measured
 */

const config = /** @type {WorkerConfig} */ (JSON.parse(process.argv[2] ?? ""));
const closed = new Set(config.gates);
/** @type {Map<string, (() => void)[]>} */
const waiting = new Map();

/**
 * What a test says to a worker.
 *
 * @typedef {object} Order
 * @property {string} [open] lets through who stands at this gate, and who comes later
 * @property {string} [pass] lets through only who comes later
 * @property {string} [close]
 * @property {boolean} [reportIdle] asks to be told once no activity is in the worker
 */

process.on("message", (/** @type {Order} */ { open, pass, close, reportIdle }) => {
  if (close) closed.add(close);
  if (pass) closed.delete(pass);
  if (open) {
    closed.delete(open);
    for (const letThrough of waiting.get(open) ?? []) letThrough();
    waiting.delete(open);
    process.send?.({ opened: open });
  }
  if (reportIdle) whenIdle();
});

/** @param {string} name */
async function gate(name) {
  if (!closed.has(name)) return;
  await new Promise((resolve) => {
    waiting.set(name, [...(waiting.get(name) ?? []), () => resolve(undefined)]);
    process.send?.({ at: name });
  });
}

function whenIdle() {
  if (worker.getStatus().numInFlightActivities === 0) process.send?.({ idle: true });
  else setTimeout(whenIdle, 20);
}

/** @type {Interceptor} */
const gated = (next) => async (call) => {
  await gate(`before ${call.method.name}`);
  const response = await next(call);
  await gate(`after ${call.method.name}`);
  return response;
};

/**
 * @param {TemporalCompleter} completer
 * @returns {TemporalCompleter}
 */
function gatedCompleter(completer) {
  /** @type {<A extends unknown[], R>(name: string, verb: (...args: A) => Promise<R>) => (...args: A) => Promise<R>} */
  const between =
    (name, verb) =>
    async (...args) => {
      await gate(`before ${name}`);
      const result = await verb(...args);
      await gate(`after ${name}`);
      return result;
    };
  return {
    complete: between("complete", completer.complete),
    completeWithJson: between("complete", completer.completeWithJson),
    fail: between("fail", completer.fail),
    reportCancellation: between("reportCancellation", completer.reportCancellation),
    heartbeat: between("heartbeat", completer.heartbeat),
  };
}

const runtime = Runtime.install({
  logger: loggerWithoutTokens(new DefaultLogger("DEBUG")),
  // Forwarded lines come late, and tests read what a worker has printed; test/temporal/log has them.
  telemetryOptions: { logging: { filter: "off" } },
});
if (config.valuesPath) {
  // An exporter sends what it has at intervals; what is in the file outlives a kill.
  const { valuesPath } = config;
  const metricMeter = recordingMeter((value) => {
    const { workflowExecution, activityId, attempt } = asyncLocalStorage.getStore()?.info ?? {};
    const from = { ...workflowExecution, activityId, attempt };
    appendFileSync(valuesPath, `${JSON.stringify({ ...value, from })}\n`);
  });
  Object.assign(runtime, { metricMeter });
}
const dataConverter = {
  payloadConverterPath: fileURLToPath(
    import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
  ),
};
const clients = clientsOver(transportTo(config.service, [gated]));
const connection = Connection.lazy({ address: config.callerAddress ?? config.address });
const client = new Client({
  connection,
  namespace: config.callerNamespace ?? config.namespace,
  dataConverter,
});
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: config.address }),
  namespace: config.namespace,
  taskQueue: config.taskQueue,
  workflowBundle: { codePath: config.codePath },
  dataConverter,
  // What waits for a worker that was killed goes to another one soon.
  stickyQueueScheduleToStartTimeout: "1s",
  workflowFailureErrorTypes: { "*": config.failureErrorTypes ?? [] },
  activities: {
    ...createExecutionActivities(clients, config.callerOptions),
    ...createSystemActivities({
      completer: gatedCompleter(
        temporalCompleter(client, config.result ? { result: config.result } : {}),
      ),
      executions: clients,
    }),
    /** @type {import("./workflows.js").RunnerActivities["publishStatus"]} */
    async publishStatus(executionId, status) {
      if (executionId.startsWith("aex")) {
        await clients.agent.commands.updateStatus({
          executionId,
          status: /** @type {any} */ (status),
        });
      } else {
        await clients.workflow.commands.updateStatus({
          executionId,
          status: /** @type {any} */ (status),
        });
      }
    },
  },
});
process.send?.({ ready: true });
process.on("disconnect", () => process.exit());
await worker.run();
