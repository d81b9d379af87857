// One worker of a caller or of a runner, in a process of its own.

import { fromBinary } from "@bufbuild/protobuf";
import { createConnectTransport } from "@connectrpc/connect-node";
import {
  createExecutionActivities,
  createSystemActivities,
  loggerWithoutTokens,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";
import { clientsOver } from "../../test/temporal/world/clients-over.js";
import { createActivitiesByHand } from "../temporal/by-hand.js";
import { createPublishActivities } from "../temporal/publish-activities.js";
import { createNexusHandler } from "./nexus-handler.js";
import { createPollingActivities } from "./polling.js";

/** @import { SubjectName } from "./subjects.js" */

/**
 * @typedef {object} WorkerConfig
 * @property {SubjectName} subject
 * @property {"caller" | "runner"} side
 * @property {string} callerAddress of the Temporal server, for the caller and for who reports to it
 * @property {string} runnerAddress of the Temporal server, for the runner
 * @property {string} serviceUrl of the execution service
 * @property {string} taskQueue
 * @property {string} codePath of the bundle of the workflows
 * @property {string} payloadConverterPath
 * @property {number} activitySlots how many activities a worker may have at once
 * @property {string} status that a runner ends with, encoded, in Base64
 */

const config = /** @type {WorkerConfig} */ (JSON.parse(process.argv[2] ?? ""));
const { subject, side, callerAddress, runnerAddress, codePath, payloadConverterPath } = config;
const dataConverter = { payloadConverterPath };

Runtime.install({
  logger: loggerWithoutTokens(new DefaultLogger("ERROR")),
  telemetryOptions: { logging: { forward: {} } },
});
const clients = clientsOver(
  createConnectTransport({ httpVersion: "1.1", baseUrl: config.serviceUrl }),
);
const client = new Client({
  connection: await Connection.connect({ address: callerAddress }),
  dataConverter,
});
const handshake =
  subject === "ours"
    ? {
        ...createExecutionActivities(clients),
        ...createSystemActivities({ completer: temporalCompleter(client), executions: clients }),
      }
    : createActivitiesByHand(client, clients);
const status = fromBinary(WorkflowExecutionStatusSchema, Buffer.from(config.status, "base64"));
const address = side === "caller" ? callerAddress : runnerAddress;
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue: config.taskQueue,
  workflowBundle: { codePath },
  dataConverter,
  maxConcurrentActivityTaskExecutions: config.activitySlots,
  activities: {
    ...handshake,
    ...createPollingActivities(clients),
    ...createPublishActivities(clients),
  },
  ...(subject === "Nexus" &&
    side === "runner" && { nexusServices: [createNexusHandler(clients, status)] }),
});
process.on("disconnect", () => process.exit());
process.on("message", () => process.send?.(process.memoryUsage.rss()));
process.send?.("ready");
await worker.run();
