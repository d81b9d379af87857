import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Client, Connection, type WorkflowHandle } from "@temporalio/client";
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  type TelemetryOptions,
  Worker,
} from "@temporalio/worker";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { quietRuntime } from "./quiet-runtime.js";
import { startTemporalServer, type TemporalServer } from "./server.js";
import { payloadConverterPath } from "./world/world.js";

type Activity = (...args: never[]) => Promise<unknown>;

/**
 * A real server for the tests of a file, and for each of them a worker with these workflows. Its
 * activities are those of the test. Metrics go where they say, if they are given.
 */
export function useWorker(workflows: URL, metrics?: TelemetryOptions["metrics"]) {
  let server: TemporalServer;
  let native: NativeConnection;
  let connection: Connection;
  let client: Client;
  let workflowBundle: { code: string };
  const dataConverter = { payloadConverterPath };

  beforeAll(async () => {
    quietRuntime(metrics);
    server = await startTemporalServer();
    native = await NativeConnection.connect({ address: server.address });
    connection = await Connection.connect({ address: server.address });
    client = new Client({ connection, dataConverter });
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(workflows),
      payloadConverterPath,
      logger: new DefaultLogger("ERROR"),
    });
  });

  afterAll(async () => {
    await connection?.close();
    await native?.close();
    await server?.stop();
  });

  /** Starts a workflow, whose worker lives as long as the test. */
  async function start(
    activities: Readonly<Record<string, Activity>>,
    type: string,
    ...args: unknown[]
  ): Promise<WorkflowHandle> {
    const taskQueue = randomUUID();
    const worker = await Worker.create({
      connection: native,
      taskQueue,
      dataConverter,
      workflowBundle,
      activities,
    });
    const running = worker.run();
    const handle = await client.workflow.start(type, { taskQueue, workflowId: taskQueue, args });
    onTestFinished(async () => {
      await handle.terminate().catch(() => {});
      worker.shutdown();
      await running;
    });
    return handle;
  }

  return { start, client: () => client };
}
