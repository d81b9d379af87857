import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  type ExecutionPhase,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { onTestFinished } from "vitest";
import type { Kind } from "./kinds.js";

/** Serves executions of a kind on HTTP/2 without TLS, until the end of the test. */
export async function serve(kind: Kind) {
  const { routes } = createExecutionService();
  const server = createServer(connectNodeAdapter({ routes }));
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;

  const transport = createRouterTransport(routes);
  const isWorkflow = kind === WorkflowExecutionSchema;
  return {
    address: `127.0.0.1:${port}`,
    /** What the service has stored. */
    get: (value: string) =>
      isWorkflow
        ? createClient(WorkflowExecutionQueryController, transport).get({ value })
        : createClient(AgentExecutionQueryController, transport).get({ value }),
    /** What a runner tells the service. */
    updatePhase: (executionId: string, phase: ExecutionPhase) =>
      isWorkflow
        ? createClient(WorkflowExecutionCommandController, transport).updateStatus({
            executionId,
            status: { phase },
          })
        : createClient(AgentExecutionCommandController, transport).updateStatus({
            executionId,
            status: { phase: phase as number },
          }),
  };
}
