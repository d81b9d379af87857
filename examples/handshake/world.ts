// Everything that the handshake needs around it: an execution service on a real HTTP server, clients
// that speak to it over that server, and the engine that runs the caller's activities.
//
// The server tells tokens and secrets to runners only, who show a key. A caller needs to read none:
// it has its own token from its engine.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport } from "@connectrpc/connect-node";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import { callbackTokenGuard } from "@stigmer/apis/connect";
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
export type Log = (role: "caller" | "runner" | "viewer", step: string) => void;

export interface Clients {
  readonly workflow: {
    readonly commands: Client<typeof WorkflowExecutionCommandController>;
    readonly queries: Client<typeof WorkflowExecutionQueryController>;
    readonly runner: Client<typeof WorkflowRunnerServiceController>;
  };
  readonly agent: {
    readonly commands: Client<typeof AgentExecutionCommandController>;
    readonly queries: Client<typeof AgentExecutionQueryController>;
  };
}

export interface World extends Clients {
  readonly log: Log;
  readonly engine: ActivityEngine;
  readonly stock: Stock;
  readonly stockApiKey: string;
  readonly asRunner: Clients;
  stop(): Promise<void>;
}

export async function startWorld(stockApiKey: string, log: Log): Promise<World> {
  const engine = createActivityEngine();
  const service = createExecutionService({
    run: (input, control) => runWorkflow(world, input, control),
    completer: engine,
  });
  const runnerKey = `Bearer ${randomUUID()}`;
  const guard = callbackTokenGuard({
    mayRead: ({ header }) => header.get("authorization") === runnerKey,
  });
  const server = createServer(
    connectNodeAdapter({ routes: service.routes, interceptors: [guard] }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = (...interceptors: Interceptor[]) =>
    clientsOver(createConnectTransport({ baseUrl, httpVersion: "1.1", interceptors }));
  const stock = await startStock(stockApiKey);
  const world: World = {
    ...connect(),
    asRunner: connect((next) => (call) => {
      call.header.set("authorization", runnerKey);
      return next(call);
    }),
    log,
    engine,
    stock,
    stockApiKey,
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

function clientsOver(transport: Transport): Clients {
  return {
    workflow: {
      commands: createClient(WorkflowExecutionCommandController, transport),
      queries: createClient(WorkflowExecutionQueryController, transport),
      runner: createClient(WorkflowRunnerServiceController, transport),
    },
    agent: {
      commands: createClient(AgentExecutionCommandController, transport),
      queries: createClient(AgentExecutionQueryController, transport),
    },
  };
}
