// Everything that the handshake needs around it: an execution service on a real HTTP server, clients
// that speak to it over that server, and the engine that runs the caller's activities.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport } from "@connectrpc/connect-node";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import {
  type ActivityEngine,
  createActivityEngine,
  createExecutionService,
} from "@stigmer/apis/testing";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";
import { WorkflowRunnerServiceController } from "@stigmer/apis/workflowrunner/v1";
import { runWorkflow } from "./run-workflow.js";
import { type Stock, startStock } from "./stock.js";

/** Writes one step of the handshake: who did what. */
export type Log = (role: "caller" | "runner", step: string) => void;

export interface World {
  readonly log: Log;
  readonly engine: ActivityEngine;
  readonly stock: Stock;
  readonly stockApiKey: string;
  readonly workflow: {
    readonly commands: Client<typeof WorkflowExecutionCommandController>;
    readonly queries: Client<typeof WorkflowExecutionQueryController>;
    readonly runner: Client<typeof WorkflowRunnerServiceController>;
  };
  readonly agent: {
    readonly commands: Client<typeof AgentExecutionCommandController>;
    readonly queries: Client<typeof AgentExecutionQueryController>;
  };
  stop(): Promise<void>;
}

export async function startWorld(stockApiKey: string, log: Log): Promise<World> {
  const engine = createActivityEngine();
  const service = createExecutionService({
    run: (input, control) => runWorkflow(world, input, control),
    completer: engine,
  });
  const server = createServer(connectNodeAdapter({ routes: service.routes }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = createConnectTransport({ baseUrl, httpVersion: "1.1" });
  const stock = await startStock(stockApiKey);
  const world: World = {
    log,
    engine,
    stock,
    stockApiKey,
    workflow: {
      commands: createClient(WorkflowExecutionCommandController, transport),
      queries: createClient(WorkflowExecutionQueryController, transport),
      runner: createClient(WorkflowRunnerServiceController, transport),
    },
    agent: {
      commands: createClient(AgentExecutionCommandController, transport),
      queries: createClient(AgentExecutionQueryController, transport),
    },
    async stop() {
      await service.stop();
      await stock.stop();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return world;
}
