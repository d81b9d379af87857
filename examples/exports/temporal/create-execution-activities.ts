// A caller's worker.

import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { createClient, createRouterTransport, type Interceptor } from "@connectrpc/connect";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { reportOutcome } from "@stigmer/apis/handshake";
import {
  createExecutionActivities,
  temporalCompleter,
  withoutTaskToken,
} from "@stigmer/apis/temporal";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection } from "@temporalio/client";
import { NativeConnection, Worker } from "@temporalio/worker";

const address = process.env.TEMPORAL_ADDRESS ?? "localhost:7233";
const taskQueue = `caller-${randomUUID()}`;
const dataConverter = {
  payloadConverterPath: fileURLToPath(
    import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
  ),
};

// In place of the transport to a real execution service: every execution is run when it is created.
const running: Interceptor = (next) => async (call) => {
  const response = await next(call);
  if (call.method.name === "create") void run(response.message as WorkflowExecution);
  return response;
};
const transport = createRouterTransport(createExecutionService().routes, {
  transport: { interceptors: [running] },
});
const clients = {
  workflow: {
    commands: createClient(WorkflowExecutionCommandController, transport),
    queries: createClient(WorkflowExecutionQueryController, transport),
  },
  agent: {
    commands: createClient(AgentExecutionCommandController, transport),
    queries: createClient(AgentExecutionQueryController, transport),
  },
};

const connection = await Connection.connect({ address });
const client = new Client({ connection, dataConverter });

/** A runner. */
async function run({ metadata }: WorkflowExecution): Promise<void> {
  const { commands, queries } = clients.workflow;
  const executionId = metadata?.id ?? "";
  const { EXECUTION_IN_PROGRESS, EXECUTION_COMPLETED } = ExecutionPhase;
  await commands.updateStatus({ executionId, status: { phase: EXECUTION_IN_PROGRESS } });
  const ended = await commands.updateStatus({
    executionId,
    status: { phase: EXECUTION_COMPLETED, output: { parcel: 4711 } },
  });
  await reportOutcome(ended, temporalCompleter(client), queries);
}

const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL("create-execution-activities.workflow.js", import.meta.url)),
  activities: createExecutionActivities(clients),
  dataConverter,
  // Without it, the SDK logs the task token of every activity.
  interceptors: { activity: [withoutTaskToken] },
});

const request = create(WorkflowExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { name: "shipping", ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-shipping" },
});
const result = await worker.runUntil(
  client.workflow.execute("ship", { taskQueue, workflowId: randomUUID(), args: [request] }),
);
console.log(result); // => parcel 4711

await connection.close();
await worker.options.connection?.close();
