// Temporal as the engine: caller and runner are two worker processes on a server. The execution
// service and the system that the workflows call are in this process.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Interceptor } from "@connectrpc/connect";
import type { Execution, ExecutionStatus } from "@stigmer/apis";
import { createExecutionActivities } from "@stigmer/apis/temporal";
import { createExecutionService } from "@stigmer/apis/testing";
import { Client, Connection, type WorkflowHandle } from "@temporalio/client";
import { connect } from "../clients.js";
import { serveExecutions } from "../execution-server.js";
import { withStockApiKey, workflowRequest } from "../requests.js";
import { startStock } from "../stock.js";
import type { Call, Engine, Log } from "../world.js";
import { bundleWorkflows } from "./bundle-workflows.js";
import { dispatch } from "./dispatch.js";
import { resultOf } from "./result-of.js";
import type { TemporalServer } from "./server.js";
import { startWorkerProcess } from "./worker-process.js";

const payloadConverterPath = fileURLToPath(
  import.meta.resolve("@stigmer/apis/temporal/payload-converter"),
);

/** Starts all of it on the server, which ends with it. */
export async function startTemporalEngine(
  server: TemporalServer,
  stockApiKey: string,
): Promise<Engine> {
  const ends: (() => unknown)[] = [server.stop];
  const stop = async (): Promise<void> => {
    const end = ends.pop();
    if (end === undefined) return;
    try {
      await end();
    } finally {
      await stop();
    }
  };
  try {
    return { startWorld: await start(server, stockApiKey, ends), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts all of it and adds to `ends` how it is ended, in the reverse order. */
async function start(
  server: TemporalServer,
  stockApiKey: string,
  ends: (() => unknown)[],
): Promise<Engine["startWorld"]> {
  const bundle = await bundleWorkflows(payloadConverterPath);
  ends.push(bundle.remove);
  const connection = await Connection.connect({ address: server.address });
  ends.push(() => connection.close());
  const client = new Client({ connection, dataConverter: { payloadConverterPath } });
  const stock = await startStock(stockApiKey);
  ends.push(stock.stop);

  // Of the scenario that runs now.
  let log: Log = () => {};
  let afterCall: (method: string, execution: Execution) => Promise<void> = async () => {};

  const run = randomUUID();
  const [callerQueue, runnerQueue] = [`handshake-caller-${run}`, `handshake-runner-${run}`];
  const workflows = openWorkflows(client, server);
  ends.push(workflows.terminate);

  // A caller that re-arms its execution also has it dispatched, if that was not done.
  const dispatching: Interceptor = (next) => async (call) => {
    const response = await next(call);
    const { name } = call.method;
    if (!response.stream && (name === "create" || name === "update")) {
      const execution = response.message as Execution;
      await workflows.track(dispatch(client, runnerQueue, execution));
      await afterCall(name, execution);
    }
    return response;
  };
  const service = await serveExecutions(createExecutionService(), dispatching);
  ends.push(service.stop);
  const viewer = connect(service.url);

  // Rejects when a worker is lost; nobody may be waiting for anything then.
  let reportLoss: (error: Error) => void = () => {};
  const loss = new Promise<never>((_, reject) => {
    reportLoss = reject;
  });
  loss.catch(() => {});

  const { STOCK_API_KEY, CALLER_METRICS_ADDRESS, RUNNER_METRICS_ADDRESS, ...environment } =
    process.env;
  const metricsAt = (address?: string) => address && { METRICS_ADDRESS: address };
  const startWorker = (role: "caller" | "runner", settings: Record<string, string>) =>
    startWorkerProcess(
      `./${role}-worker.js`,
      {
        ...environment,
        ...settings,
        TEMPORAL_ADDRESS: server.address,
        WORKFLOW_BUNDLE: bundle.codePath,
        EXECUTION_SERVICE_URL: service.url,
      },
      { onLine: (line) => log(role, line), onLoss: reportLoss },
    );
  const startCaller = () =>
    startWorker("caller", {
      TASK_QUEUE: callerQueue,
      STOCK_API_KEY: stockApiKey,
      ...metricsAt(CALLER_METRICS_ADDRESS),
    });
  const startRunner = () =>
    startWorker("runner", {
      TASK_QUEUE: runnerQueue,
      EXECUTION_SERVICE_KEY: service.runnerKey,
      ...metricsAt(RUNNER_METRICS_ADDRESS),
    });
  let caller = startCaller();
  let runner = startRunner();
  ends.push(() => Promise.all([caller.stop(), runner.stop()]));

  async function call(type: string, ...args: unknown[]): Promise<Call> {
    const started = client.workflow.start(type, {
      taskQueue: callerQueue,
      workflowId: `${type}-${randomUUID()}`,
      workflowExecutionTimeout: "2 minutes",
      args,
    });
    const handle = await workflows.track(started);
    return {
      result: Promise.race([resultOf(handle.result() as Promise<ExecutionStatus>), loss]),
      async executionId() {
        // The tag by which the caller's own attempts find their execution.
        const tags = [`temporal:${handle.firstExecutionRunId}/1`];
        const { entries } = await viewer.workflow.queries.list({ tags });
        return entries[0]?.metadata?.id ?? "";
      },
    };
  }

  async function callAndLoseAttempt(workflowId: string): Promise<Call> {
    // Nobody heartbeats the attempt that is lost, for nobody runs its execution yet.
    await runner.stop();
    log("runner", "stopped, as for an update");
    afterCall = async (method, execution) => {
      const id = execution.metadata?.id;
      if (method === "create") {
        // Half way: the execution exists, but its caller has not been told.
        await caller.kill();
        log("caller", `killed while it created ${id}; starts again`);
        caller = startCaller();
      } else {
        afterCall = async () => {};
        log("runner", "starts again");
        runner = startRunner();
      }
    };
    return call("checkOut", workflowId, stock.url);
  }

  return async (scenarioLog) => {
    log = scenarioLog;
    return {
      log,
      viewer,
      callWorkflow: (workflowId) => call("checkOut", workflowId, stock.url),
      callAgent: () => call("answerCustomer"),
      callAndLoseAttempt,

      async callWithoutToken(workflowId) {
        const request = workflowRequest(workflowId, stock.url, `wex-${randomUUID()}`);
        log("caller", `creates ${request.metadata?.id} outside of an activity; subscribes`);
        const { ExecuteWorkflow } = createExecutionActivities(viewer);
        const status = ExecuteWorkflow(withStockApiKey(request, stockApiKey));
        return resultOf(Promise.race([status, loss]));
      },

      async stop() {
        afterCall = async () => {};
        await Promise.race([workflows.ended(), loss]).catch(() => {});
        await workflows.terminate();
        // What the workers have printed is here by now; it is read in this turn.
        await new Promise(setImmediate);
        log = () => {};
      },
    };
  };
}

/** The workflows of this engine that have not ended, also those that are just being started. */
function openWorkflows(client: Client, server: TemporalServer) {
  interface Run {
    readonly started: Promise<WorkflowHandle | undefined>;
    readonly ended: Promise<unknown>;
  }
  const runs = new Set<Run>();
  return {
    track<H extends WorkflowHandle | undefined>(started: Promise<H>): Promise<H> {
      // How it ends is for others to see.
      const ended = started.then((handle) => handle?.result()).catch(() => {});
      const run = { started, ended };
      runs.add(run);
      void ended.then(() => runs.delete(run));
      return started;
    },

    /** Waits for the runners, who report before they end; not for what hangs. */
    async ended(): Promise<void> {
      const all = Promise.all([...runs].map(({ ended }) => ended));
      await Promise.race([all, sleep(10_000, undefined, { ref: false })]);
    },

    async terminate(): Promise<void> {
      // Those on a server of our own end with it.
      if (server.isOwn) return;
      const terminate = async ({ started }: Run) =>
        (await started)?.terminate("the handshake has ended");
      await client.withDeadline(Date.now() + 10_000, () =>
        Promise.allSettled([...runs].map(terminate)),
      );
    },
  };
}
