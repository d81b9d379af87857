// A complete caller: a worker, in a process of its own, whose workflows wait for executions.

import { fileURLToPath } from "node:url";
import {
  createExecutionActivities,
  type ExecutionActivities,
  loggerWithoutTokens,
} from "@stigmer/apis/temporal";
import { NativeConnection, Runtime, Worker } from "@temporalio/worker";
import { connect } from "../clients.js";
import { withStockApiKey } from "../requests.js";
import { endWithParent } from "./end-with-parent.js";
import { logAttempts, logPending } from "./log-attempts.js";
import { printSteps } from "./print-steps.js";
import { telemetry } from "./telemetry.js";
import { readSetting, readWorkerSettings } from "./worker-settings.js";

endWithParent();
const { temporalAddress, taskQueue, workflowBundle, executionServiceUrl, metricsAddress } =
  readWorkerSettings();
const stockApiKey = readSetting("STOCK_API_KEY");
Runtime.install({
  logger: loggerWithoutTokens(printSteps),
  telemetryOptions: telemetry(metricsAddress),
});

const executions = createExecutionActivities(connect(executionServiceUrl, logAttempts));

// The workflows ask without the secret. It is added here, so that it is not in Temporal's history.
const activities: ExecutionActivities = {
  ...executions,
  ExecuteWorkflow: (request) => executions.ExecuteWorkflow(withStockApiKey(request, stockApiKey)),
  ExecuteAgent: (request) => executions.ExecuteAgent(withStockApiKey(request, stockApiKey)),
};

const connection = await NativeConnection.connect({ address: temporalAddress });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowBundle: { codePath: workflowBundle },
  activities,
  dataConverter: {
    payloadConverterPath: fileURLToPath(
      import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
    ),
  },
  interceptors: { activity: [logPending] },
  // The workflows of a worker that was killed go to another one soon.
  stickyQueueScheduleToStartTimeout: "1s",
});
await worker.run();
await connection.close();
