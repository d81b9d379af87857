// One subject's workers of a caller and of a runner, in a process of their own.

import { createConnectTransport } from "@connectrpc/connect-node";
import {
  createExecutionActivities,
  createSystemActivities,
  loggerWithoutTokens,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";
import { clientsOver } from "../../test/temporal/world/clients-over.js";
import { createActivitiesByHand } from "./by-hand.js";
import { createPublishActivities } from "./publish-activities.js";

/**
 * @typedef {object} WorkerConfig
 * @property {"by hand" | "ours"} activities
 * @property {string} callerAddress of the Temporal server, for the caller and for who reports to it
 * @property {string} runnerAddress of the Temporal server, for the runner
 * @property {string} serviceUrl of the execution service
 * @property {string} callerQueue
 * @property {string} runnerQueue
 * @property {string} codePath of the bundle of the workflows
 * @property {string} payloadConverterPath
 */

const config = /** @type {WorkerConfig} */ (JSON.parse(process.argv[2] ?? ""));
const { callerAddress, runnerAddress, codePath, payloadConverterPath } = config;
const dataConverter = { payloadConverterPath };

const logger = new DefaultLogger("WARN");
Runtime.install({
  logger: config.activities === "ours" ? loggerWithoutTokens(logger) : logger,
  telemetryOptions: { logging: { forward: {} } },
});
const clients = clientsOver(
  createConnectTransport({ httpVersion: "1.1", baseUrl: config.serviceUrl }),
);
const client = new Client({
  connection: await Connection.connect({ address: callerAddress }),
  dataConverter,
});
const activities =
  config.activities === "ours"
    ? {
        ...createExecutionActivities(clients),
        ...createSystemActivities({ completer: temporalCompleter(client), executions: clients }),
      }
    : createActivitiesByHand(client, clients);
const workers = [];
for (const { taskQueue, address } of [
  { taskQueue: config.callerQueue, address: callerAddress },
  { taskQueue: config.runnerQueue, address: runnerAddress },
]) {
  workers.push(
    await Worker.create({
      connection: await NativeConnection.connect({ address }),
      taskQueue,
      workflowBundle: { codePath },
      dataConverter,
      activities: { ...activities, ...createPublishActivities(clients) },
    }),
  );
}
process.on("disconnect", () => process.exit());
process.send?.("ready");
await Promise.all(workers.map((worker) => worker.run()));
