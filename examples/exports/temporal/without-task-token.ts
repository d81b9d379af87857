import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { withoutTaskToken } from "@stigmer/apis/temporal";
import { log } from "@temporalio/activity";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";

const address = process.env.TEMPORAL_ADDRESS ?? "localhost:7233";
const taskQueue = `greeter-${randomUUID()}`;

Runtime.install({
  logger: new DefaultLogger("INFO", ({ message, meta }) => {
    if (message !== "hello") return;
    console.log(meta?.activityType, meta?.taskToken); // => greet undefined
  }),
});

const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL("without-task-token.workflow.js", import.meta.url)),
  activities: { greet: async () => log.info("hello") },
  interceptors: { activity: [withoutTaskToken] },
});

const connection = await Connection.connect({ address });
const client = new Client({ connection });
await worker.runUntil(
  client.workflow.execute("greetOnce", { taskQueue, workflowId: randomUUID(), args: [] }),
);
await connection.close();
await worker.options.connection?.close();
