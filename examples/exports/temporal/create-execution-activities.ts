// A caller's worker.

import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createClient, createRouterTransport, type Interceptor } from "@connectrpc/connect";
import {
  type AgentExecution,
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import { reportOutcome } from "@stigmer/apis/handshake";
import {
  createExecutionActivities,
  loggerWithoutTokens,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";

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
  if (call.method.name === "create") {
    void (call.service === AgentExecutionCommandController
      ? runAgent(response.message as AgentExecution)
      : runWorkflow(response.message as WorkflowExecution));
  }
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

const { EXECUTION_IN_PROGRESS, EXECUTION_COMPLETED } = ExecutionPhase;

/** A runner of workflows. */
async function runWorkflow({ metadata }: WorkflowExecution): Promise<void> {
  const { commands, queries } = clients.workflow;
  const executionId = metadata?.id ?? "";
  await commands.updateStatus({ executionId, status: { phase: EXECUTION_IN_PROGRESS } });
  const ended = await commands.updateStatus({
    executionId,
    status: { phase: EXECUTION_COMPLETED, output: { parcel: 4711 } },
  });
  await reportOutcome(ended, temporalCompleter(client), queries);
}

/** A runner of agents. */
async function runAgent({ metadata, spec }: AgentExecution): Promise<void> {
  const { commands, queries } = clients.agent;
  const executionId = metadata?.id ?? "";
  await commands.updateStatus({
    executionId,
    status: { phase: EXECUTION_IN_PROGRESS as number },
  });
  const ended = await commands.updateStatus({
    executionId,
    status: {
      phase: EXECUTION_COMPLETED as number,
      messages: [{ content: `You asked: ${spec?.message}` }],
    },
  });
  await reportOutcome(ended, temporalCompleter(client), queries);
}

Runtime.install({
  logger: loggerWithoutTokens(new DefaultLogger("INFO")),
  telemetryOptions: { logging: { forward: {} } },
});
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL("create-execution-activities.workflow.js", import.meta.url)),
  activities: createExecutionActivities(clients),
  dataConverter,
});

const results = await worker.runUntil(
  Promise.all([
    client.workflow.execute("ship", { taskQueue, workflowId: randomUUID(), args: ["17"] }),
    client.workflow.execute("answer", { taskQueue, workflowId: randomUUID(), args: ["Where?"] }),
  ]),
);
console.log(results.join("; ")); // => parcel 4711; You asked: Where?

await connection.close();
await worker.options.connection?.close();
