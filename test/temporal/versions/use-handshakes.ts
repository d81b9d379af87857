import { randomUUID } from "node:crypto";
import { type Execution, formatCallbackToken, getCallbackToken } from "@stigmer/apis";
import { encodeTemporalWorkflowInput } from "@stigmer/apis/temporal/workflow";
import { Client, Connection, type WorkflowHandle } from "@temporalio/client";
import { NativeConnection, Worker, type WorkerOptions } from "@temporalio/worker";
import { afterAll, beforeAll } from "vitest";
import { quietRuntime } from "../quiet-runtime.js";
import { startTemporalServer, type TemporalServer } from "../server.js";
import { startInMemoryService } from "../world/in-memory-service.js";
import type { Service } from "../world/service.js";
import { payloadConverterPath, until } from "../world/world.js";
import type { Plan } from "./program/workflows.js";

export interface StartedWorker {
  /** Lets it end its tasks, and stops it. */
  stop(): Promise<void>;
}

/** A Temporal server and an execution service for the tests of a file, which bring their own workers. */
export function useHandshakes(...settings: string[]) {
  let server: TemporalServer;
  let native: NativeConnection;
  let connection: Connection;
  let client: Client;
  let service: Service;
  const workers = new Set<StartedWorker>();
  const dispatches = new Set<Promise<unknown>>();
  /** The executions by the ids of the workflows that have had them created. */
  const executions = new Map<string, string>();

  /** Has a runner's workflow started for an execution, as its service does. */
  async function dispatch(execution: Execution): Promise<void> {
    const executionId = execution.metadata?.id ?? "";
    const callbackToken = getCallbackToken(execution);
    const isAgent = execution.$typeName === "ai.stigmer.agentic.agentexecution.v1.AgentExecution";
    const plan: Plan = JSON.parse(
      (isAgent ? execution.spec?.message : execution.spec?.triggerMessage) ?? "",
    );
    const token = callbackToken && formatCallbackToken(callbackToken);
    const input = isAgent
      ? { executionId, callbackToken: token, plan }
      : encodeTemporalWorkflowInput({
          ...{ executionId, callbackToken, workflowYaml: "", orgId: "" },
          initialData: JSON.parse(JSON.stringify(plan)),
        });
    executions.set(plan.caller, executionId);
    await client.workflow.start(isAgent ? "ExecuteAgentLoop" : "ExecuteServerlessWorkflow", {
      taskQueue: plan.taskQueue,
      workflowId: executionId,
      workflowIdReusePolicy: "REJECT_DUPLICATE",
      args: [input],
    });
  }

  beforeAll(async () => {
    quietRuntime();
    server = await startTemporalServer(...settings);
    native = await NativeConnection.connect({ address: server.address });
    connection = await Connection.connect({ address: server.address });
    client = new Client({ connection, dataConverter: { payloadConverterPath } });
    service = await startInMemoryService({
      called: () => {},
      created: (execution) => {
        const dispatched = dispatch(execution).finally(() => dispatches.delete(dispatched));
        dispatches.add(dispatched);
      },
      updated: () => {},
    });
  });

  afterAll(async () => {
    await Promise.all([...workers].map((worker) => worker.stop()));
    await Promise.all(dispatches);
    await service?.stop();
    await connection?.close();
    await native?.close();
    await server?.stop();
  });

  async function startWorker(options: Omit<WorkerOptions, "connection">): Promise<StartedWorker> {
    const worker = await Worker.create({ connection: native, ...options });
    const running = worker.run();
    const started = {
      async stop() {
        if (!workers.delete(started)) return;
        worker.shutdown();
        await running;
      },
    };
    workers.add(started);
    return started;
  }

  /** Starts a caller's workflow. */
  async function call(
    taskQueue: string,
    kind: "workflow" | "agent",
    plan: Omit<Plan, "caller">,
    options: object = {},
  ): Promise<WorkflowHandle> {
    const caller = randomUUID();
    const args = [kind, { ...plan, caller }, options];
    return client.workflow.start("call", { taskQueue, workflowId: caller, args });
  }

  return {
    address: () => server.address,
    client: () => client,
    service: () => service,
    startWorker,
    call,
    /** The runner's workflow of the execution that this call has created, once it has. */
    async runnerOf({ workflowId }: WorkflowHandle): Promise<WorkflowHandle> {
      await until("the execution is created", () => executions.has(workflowId));
      await Promise.all(dispatches);
      return client.workflow.getHandle(executions.get(workflowId) ?? "");
    },
  };
}
