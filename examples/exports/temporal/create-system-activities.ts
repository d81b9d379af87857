// A runner's worker, for the workflow of the example of withCallback.

import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { AgentExecutionQueryController } from "@stigmer/apis/agentexecution/v1";
import { createSystemActivities, loggerWithoutTokens } from "@stigmer/apis/temporal";
import { encodeTemporalWorkflowInput } from "@stigmer/apis/temporal/workflow";
import { createActivityEngine, createExecutionService, pending } from "@stigmer/apis/testing";
import { WorkflowExecutionQueryController } from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";

const address = process.env.TEMPORAL_ADDRESS ?? "localhost:7233";
const taskQueue = `runner-${randomUUID()}`;
const dataConverter = {
  payloadConverterPath: fileURLToPath(
    import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
  ),
};

// In place of the caller's server, which temporalCompleter reaches, and of a real execution service.
const caller = createActivityEngine();
const transport = createRouterTransport(createExecutionService().routes);

Runtime.install({
  logger: loggerWithoutTokens(new DefaultLogger("INFO")),
  telemetryOptions: { logging: { forward: {} } },
});
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL("workflow/with-callback.js", import.meta.url)),
  activities: createSystemActivities({
    completer: caller,
    executions: {
      workflow: { queries: createClient(WorkflowExecutionQueryController, transport) },
      agent: { queries: createClient(AgentExecutionQueryController, transport) },
    },
  }),
  dataConverter,
});

const connection = await Connection.connect({ address });
const client = new Client({ connection, dataConverter });
await worker.runUntil(async () => {
  const activity = caller.startActivity(async ({ token }) => {
    const input = encodeTemporalWorkflowInput({
      executionId: "wex-1",
      workflowYaml: "document: { dsl: 1.0.0, namespace: orders, name: shipping, version: 1.0.0 }",
      initialData: { order: 17 },
      orgId: "org-1",
      callbackToken: token,
    });
    await client.workflow.start("ExecuteServerlessWorkflow", {
      taskQueue,
      workflowId: `wex-1-${randomUUID()}`,
      args: [input],
    });
    return pending;
  });
  console.log((await activity.result).outcome); // => completed
});
await connection.close();
await worker.options.connection?.close();
