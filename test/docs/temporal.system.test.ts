import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import type { Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { getCallbackToken } from "@stigmer/apis";
import { guardedServer } from "@stigmer/apis/connect";
import { encodeTemporalWorkflowInput } from "@stigmer/apis/temporal/workflow";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  type WorkflowExecution,
  WorkflowExecutionCommandController,
} from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";
import { payloadConverterPath } from "../temporal/world/world.js";
import { readPage } from "./pages/page.js";
import { openProjects, type Projects } from "./pages/project.js";

const limitMs = 180_000;

describe.skipIf(!temporalAvailable())("the programs of docs/temporal.md", () => {
  const key = randomUUID();
  const workers: ChildProcess[] = [];
  let projects: Projects;
  let server: TemporalServer;
  let client: Client;
  let service: ReturnType<typeof createServer>;
  /** Which of the runner's workflows takes the next execution. */
  let runnerWorkflow = "ExecuteServerlessWorkflow";

  beforeAll(async () => {
    projects = openProjects();
    const project = projects.follow(readPage("docs/temporal.md"));
    server = await startTemporalServer();
    const dataConverter = { payloadConverterPath };
    const connection = await Connection.connect({ address: server.address });
    client = new Client({ connection, dataConverter });
    const guarded = guardedServer(
      { routes: createExecutionService().routes, interceptors: [dispatcher] },
      { mayRead: ({ header }) => header.get("authorization") === key },
    );
    service = createServer(connectNodeAdapter(guarded)).listen(0, "127.0.0.1");
    await once(service, "listening");
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: server.address,
      CALLERS_TEMPORAL_ADDRESS: server.address,
      SERVICE_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    };
    const start = (program: string, own: NodeJS.ProcessEnv) => {
      const options = { cwd: project, env: { ...env, ...own }, stdio: "ignore" } as const;
      workers.push(spawn(process.execPath, [program], options));
    };
    start("dist/caller.js", {});
    start("dist/runner.js", { RUNNER_KEY: key });
  }, limitMs);

  afterAll(async () => {
    for (const worker of workers) {
      const ended = worker.exitCode === null && once(worker, "exit");
      worker.kill();
      await ended;
    }
    service?.close();
    await client?.connection.close();
    await server?.stop();
    projects?.remove();
  });

  // Stands for a service that starts its runners.
  const dispatcher: Interceptor = (next) => async (call) => {
    const response = await next(call);
    if (call.method === WorkflowExecutionCommandController.method.create) {
      const execution = response.message as WorkflowExecution;
      const executionId = execution.metadata?.id ?? "";
      const callbackToken = getCallbackToken(execution);
      const input = { executionId, workflowYaml: "", orgId: "shop", callbackToken };
      await client.workflow.start(runnerWorkflow, {
        taskQueue: "runner",
        workflowId: executionId,
        args: [encodeTemporalWorkflowInput(input)],
      });
    }
    return response;
  };

  function fulfil(): Promise<unknown> {
    const lost = workers.map(async (worker) => {
      await once(worker, "exit");
      throw new Error(`a worker has ended: ${worker.spawnargs.join(" ")}`);
    });
    const result = client.workflow.execute("fulfilOrder", {
      taskQueue: "orders",
      workflowId: `order-${randomUUID()}`,
      workflowExecutionTimeout: "2 minutes",
      args: ["A-1001"],
    });
    return Promise.race([result, ...lost]);
  }

  test("complete an order", { timeout: limitMs }, async () => {
    expect(await fulfil()).toMatch(/^parcel P-wex-/);
  });

  test("complete one with a parent that reports", { timeout: limitMs }, async () => {
    runnerWorkflow = "runAndReport";
    expect(await fulfil()).toMatch(/^parcel P-wex-/);
  });
});
