import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { SystemActivities } from "@stigmer/apis/temporal";
import { Client, Connection, type WorkflowHandle } from "@temporalio/client";
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { quietRuntime } from "../quiet-runtime.js";
import { startTemporalServer, type TemporalServer } from "../server.js";
import { payloadConverterPath } from "../world/world.js";

type Activity = (...args: never[]) => Promise<unknown>;

/**
 * A worker of a real server for the tests of a file, with the workflows of parts.workflow.js. Its
 * activities are those of the test, which hears by them what a workflow asks for.
 */
export function useWorker() {
  let server: TemporalServer;
  let native: NativeConnection;
  let connection: Connection;
  let workflowBundle: { code: string };
  const dataConverter = { payloadConverterPath };

  beforeAll(async () => {
    quietRuntime();
    server = await startTemporalServer();
    native = await NativeConnection.connect({ address: server.address });
    connection = await Connection.connect({ address: server.address });
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL("parts.workflow.js", import.meta.url)),
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
    const client = new Client({ connection, dataConverter });
    const handle = await client.workflow.start(type, { taskQueue, workflowId: taskQueue, args });
    onTestFinished(async () => {
      await handle.terminate().catch(() => {});
      worker.shutdown();
      await running;
    });
    return handle;
  }

  return { start };
}

type Reported = [name: keyof SystemActivities, ...args: unknown[]];

/** The activities of a runner, all of which do as they are told, and what they were called with. */
export function recordReports(report: () => Promise<unknown> = async () => "reported") {
  const reports: Reported[] = [];
  const recording =
    (name: keyof SystemActivities) =>
    async (...args: never[]) => {
      reports.push([name, ...args]);
      return report();
    };
  const activities = {
    CompleteExternalActivity: recording("CompleteExternalActivity"),
    FailExternalActivity: recording("FailExternalActivity"),
    CancelExternalActivity: recording("CancelExternalActivity"),
  };
  return { activities, reports };
}
