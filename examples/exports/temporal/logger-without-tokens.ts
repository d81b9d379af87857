import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { loggerWithoutTokens } from "@stigmer/apis/temporal";
import { activityInfo, log } from "@temporalio/activity";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";

const address = process.env.TEMPORAL_ADDRESS ?? "localhost:7233";
const taskQueue = `greeter-${randomUUID()}`;

const logger = new DefaultLogger("INFO", ({ message, meta = {} }) => {
  if (meta.sdkComponent !== "activity") return;
  console.log(`${message}:`, meta.activityType, "taskToken" in meta, meta.info?.taskToken);
});

Runtime.install({
  logger: loggerWithoutTokens(logger),
  telemetryOptions: { logging: { forward: {} } },
});

const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL("logger-without-tokens.workflow.js", import.meta.url)),
  activities: {
    async greet() {
      const { base64TaskToken } = activityInfo();
      log.info(`hello ${base64TaskToken}`, { info: activityInfo() }); // => hello [bytes]: greet false undefined
    },
  },
});

const connection = await Connection.connect({ address });
const client = new Client({ connection });
await worker.runUntil(
  client.workflow.execute("greetOnce", { taskQueue, workflowId: randomUUID(), args: [] }),
);
await connection.close();
await worker.options.connection?.close();
