// A complete runner: a worker, in a process of its own, that runs executions and reports how they end.

import { fileURLToPath } from "node:url";
import {
  createExecutionActivities,
  createSystemActivities,
  type ExecutionActivities,
  loggerWithoutTokens,
  type SystemActivities,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { activityInfo } from "@temporalio/activity";
import { Client, Connection } from "@temporalio/client";
import { NativeConnection, Runtime, Worker } from "@temporalio/worker";
import { connect, showKey } from "../clients.js";
import { endWithParent } from "./end-with-parent.js";
import { logAttempts, logPending } from "./log-attempts.js";
import { printSteps } from "./print-steps.js";
import { createRunnerActivities, type RunnerActivities } from "./runner-activities.js";
import { telemetry } from "./telemetry.js";
import { readSetting, readWorkerSettings } from "./worker-settings.js";

endWithParent();
const { temporalAddress, taskQueue, workflowBundle, executionServiceUrl, metricsAddress } =
  readWorkerSettings();
Runtime.install({
  logger: loggerWithoutTokens(printSteps),
  telemetryOptions: telemetry(metricsAddress),
});

const clients = connect(
  executionServiceUrl,
  showKey(readSetting("EXECUTION_SERVICE_KEY")),
  logAttempts,
);
const dataConverter = {
  payloadConverterPath: fileURLToPath(
    import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
  ),
};
// The callers are on the same server here; they may be on another one.
const callers = new Client({
  connection: Connection.lazy({ address: temporalAddress }),
  namespace: process.env.CALLERS_NAMESPACE ?? "default",
  dataConverter,
});
const executions = createExecutionActivities(clients);

const activities: RunnerActivities &
  SystemActivities &
  Pick<ExecutionActivities, "ExecuteWorkflow"> = {
  ...createRunnerActivities(clients),
  ...createSystemActivities({ completer: temporalCompleter(callers), executions: clients }),

  // A nested execution gets the secrets of the one that starts it, past Temporal's history.
  async ExecuteWorkflow(request) {
    const parent = await clients.workflow.queries.get({
      value: activityInfo().workflowExecution?.workflowId ?? "",
    });
    const secrets = Object.entries(parent.spec?.runtimeEnv ?? {}).filter(
      ([, { isSecret }]) => isSecret,
    );
    if (request.spec) Object.assign(request.spec.runtimeEnv, Object.fromEntries(secrets));
    return executions.ExecuteWorkflow(request);
  },
};

const connection = await NativeConnection.connect({ address: temporalAddress });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowBundle: { codePath: workflowBundle },
  activities,
  dataConverter,
  interceptors: { activity: [logPending] },
  // The workflows of a worker that was killed go to another one soon.
  stickyQueueScheduleToStartTimeout: "1s",
});
await worker.run();
await connection.close();
await callers.connection.close();
