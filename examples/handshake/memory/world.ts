// The engine in memory: the caller's activities and the runners run in this process.

import {
  type ActivityEngine,
  type ActivityHandle,
  createActivityEngine,
  createExecutionService,
} from "@stigmer/apis/testing";
import { type Clients, connect, showKey } from "../clients.js";
import { serveExecutions } from "../execution-server.js";
import { type Stock, startStock } from "../stock.js";
import type { Call, Log, World } from "../world.js";
import { callAgent, callAndLoseAttempt, callWithoutToken, callWorkflow } from "./caller.js";
import { runWorkflow } from "./run-workflow.js";

/** What the caller and the runner have around them. */
export interface Surroundings {
  readonly log: Log;
  readonly engine: ActivityEngine;
  readonly stock: Stock;
  readonly stockApiKey: string;
  readonly asCaller: Clients;
  readonly asRunner: Clients;
}

export async function startMemoryWorld(stockApiKey: string, log: Log): Promise<World> {
  const engine = createActivityEngine();
  const service = createExecutionService({
    run: (input, control) => runWorkflow(around, input, control),
    completer: engine,
  });
  const server = await serveExecutions(service);
  const stock = await startStock(stockApiKey);
  const around: Surroundings = {
    log,
    engine,
    stock,
    stockApiKey,
    asCaller: connect(server.url),
    asRunner: connect(server.url, showKey(server.runnerKey)),
  };
  return {
    log,
    viewer: connect(server.url),
    callWorkflow: async (workflowId) => callOf("wex", callWorkflow(around, workflowId)),
    callAgent: async () => callOf("aex", callAgent(around)),
    callAndLoseAttempt: async (workflowId) => callOf("wex", callAndLoseAttempt(around, workflowId)),
    callWithoutToken: (workflowId) => callWithoutToken(around, workflowId),
    async stop() {
      await service.stop();
      await stock.stop();
      await server.stop();
    },
  };
}

function callOf(prefix: "wex" | "aex", { activityId, result }: ActivityHandle): Call {
  return { result, executionId: async () => `${prefix}-${activityId}` };
}
