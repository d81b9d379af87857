import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interceptor } from "@connectrpc/connect";
import type { Execution } from "@stigmer/apis";
import { createExecutionService } from "@stigmer/apis/testing";
import { Client, Connection, type WorkflowHandle } from "@temporalio/client";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { serveExecutions } from "../../examples/handshake/execution-server.js";
import { startStock } from "../../examples/handshake/stock.js";
import { dispatch } from "../../examples/handshake/temporal/dispatch.js";
import {
  startWorkerProcess,
  type WorkerProcess,
} from "../../examples/handshake/temporal/worker-process.js";
import { freePort } from "../support/free-port.js";
import { payloadConverterPath } from "../temporal/world/world.js";

/** The main job on a Temporal server, with workers that serve their metrics, and what can go wrong. */
export interface MainJob {
  /** Where the workers serve them. */
  readonly addresses: readonly string[];
  /** Has an execution made, and waits for it. A workflow that is held takes until it is released. */
  call(kind: "workflow" | "agent" | "held workflow"): Promise<WorkflowHandle>;
  release(): void;
  /** Has a runner report with bytes that are no token. */
  reportWithBadToken(): Promise<void>;
  /** Gives agents to a runner that looks for their callers in a namespace that is not there. */
  misdirectReports(): void;
  /** Gives workflows to a task queue without a runner. */
  loseWorkflows(): void;
  stop(): Promise<void>;
}

const folder = new URL("../../build/examples/handshake/temporal/", import.meta.url);
const apiKey = "key-of-the-stock";

export async function startMainJob(temporalAddress: string): Promise<MainJob> {
  const run = randomUUID();
  const queues = { caller: `caller-${run}`, runner: `runner-${run}`, misdirected: `away-${run}` };
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, dataConverter: { payloadConverterPath } });
  const queueOf = { agent: queues.runner, workflow: queues.runner };

  const interceptor: Interceptor = (next) => async (call) => {
    const { method, service } = call;
    const kind = service.typeName.includes("agentexecution") ? "agent" : "workflow";
    const response = await next(call);
    if (["create", "update"].includes(method.name) && !response.stream) {
      await dispatch(client, queueOf[kind], response.message as Execution);
    }
    return response;
  };
  const service = await serveExecutions(createExecutionService(), interceptor);
  const stock = await startStock(apiKey);
  const busyStock = await startStock(apiKey);
  let release = () => {};
  busyStock.beforeAnswer = () =>
    new Promise((resolve) => {
      release = resolve;
    });

  const workflows = await mkdtemp(join(tmpdir(), "stigmer-monitoring-"));
  const WORKFLOW_BUNDLE = join(workflows, "workflows.cjs");
  const { code } = await bundleWorkflowCode({
    workflowsPath: new URL("workflows.js", folder).pathname,
    payloadConverterPath,
    logger: new DefaultLogger("ERROR"),
  });
  await writeFile(WORKFLOW_BUNDLE, code);

  const addresses: string[] = [];
  async function startWorker(role: "caller" | "runner", env: NodeJS.ProcessEnv) {
    const METRICS_ADDRESS = `127.0.0.1:${await freePort()}`;
    addresses.push(METRICS_ADDRESS);
    return startWorkerProcess(
      new URL(`${role}-worker.js`, folder).href,
      {
        ...process.env,
        METRICS_ADDRESS,
        TEMPORAL_ADDRESS: temporalAddress,
        EXECUTION_SERVICE_URL: service.url,
        EXECUTION_SERVICE_KEY: service.runnerKey,
        STOCK_API_KEY: apiKey,
        WORKFLOW_BUNDLE,
        ...env,
      },
      { onLine: () => {}, onLoss: () => {} },
    );
  }
  const workers: WorkerProcess[] = [
    await startWorker("caller", { TASK_QUEUE: queues.caller }),
    await startWorker("runner", { TASK_QUEUE: queues.runner }),
    await startWorker("runner", { TASK_QUEUE: queues.misdirected, CALLERS_NAMESPACE: "nowhere" }),
  ];

  return {
    addresses,
    call: (kind) =>
      client.workflow.start(kind === "agent" ? "answerCustomer" : "checkOut", {
        taskQueue: queues.caller,
        workflowId: randomUUID(),
        args:
          kind === "agent" ? [] : ["fulfil-order", (kind === "workflow" ? stock : busyStock).url],
      }),
    release: () => release(),
    async reportWithBadToken() {
      const executionId = `aex-${randomUUID()}`;
      await client.workflow.start("RunAgent", {
        taskQueue: queues.runner,
        workflowId: executionId,
        args: [{ executionId, question: "", callbackToken: "bm8gdG9rZW4=" }],
      });
    },
    misdirectReports() {
      queueOf.agent = queues.misdirected;
    },
    loseWorkflows() {
      queueOf.workflow = `nobody-${run}`;
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.kill()));
      await Promise.all([service.stop(), stock.stop(), busyStock.stop(), connection.close()]);
      await rm(workflows, { recursive: true });
    },
  };
}
