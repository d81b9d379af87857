import { once } from "node:events";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import type { Interceptor, Transport } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
} from "@connectrpc/connect-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { waitForExecution } from "../../src/handshake/index.js";
import { createExecutionActivities } from "../../src/temporal/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import { clientsOver } from "../temporal/world/clients-over.js";
import {
  EXECUTION_COMPLETED,
  EXECUTION_IN_PROGRESS,
  handshakeRefusal,
  idOf,
  inMemory,
  rejection,
  workflowKind,
} from "../testing/fixtures.js";

type NodeHandler = ReturnType<typeof connectNodeAdapter>;

const readMaxBytes = 64 * 1024;

const protocols = [
  {
    protocol: "Connect",
    createServer: (handler: NodeHandler) => createHttp1Server(handler),
    transportTo: (baseUrl: string) =>
      createConnectTransport({ baseUrl, httpVersion: "1.1", readMaxBytes }),
  },
  {
    protocol: "gRPC",
    createServer: (handler: NodeHandler) => createHttp2Server(handler),
    transportTo: (baseUrl: string) => createGrpcTransport({ baseUrl, readMaxBytes }),
  },
];

describe.each(protocols)(
  "an execution that is larger than a client over $protocol takes",
  (over) => {
    /** Clients that take 64 KiB, and an execution of 1 MiB. */
    async function connect() {
      const calls: string[] = [];
      const counting: Interceptor = (next) => (call) => {
        calls.push(call.method.name);
        return next(call);
      };
      const service = createExecutionService();
      const handler = connectNodeAdapter({ routes: service.routes, interceptors: [counting] });
      const server = over.createServer(handler).listen(0, "127.0.0.1");
      onTestFinished(async () => void server.close());
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const transport: Transport = over.transportTo(`http://127.0.0.1:${port}`);

      const local = clientsOver((await inMemory(service)).transport).workflow;
      const executionId = idOf(await local.commands.create(workflowKind.valid()));
      const output = { text: "x".repeat(1024 * 1024) };
      for (const phase of [EXECUTION_IN_PROGRESS, EXECUTION_COMPLETED]) {
        await local.commands.updateStatus({ executionId, status: { phase, output } });
      }
      return { clients: clientsOver(transport), executionId, calls };
    }

    it("is waited for in vain, which is told at once and with a code of its own", async () => {
      const { clients, executionId, calls } = await connect();
      const wait = waitForExecution(executionId, clients.workflow.queries);
      const error = await handshakeRefusal(wait, "too-large");
      expect(error.message).toContain(executionId);
      expect(calls).toEqual(["subscribe"]);
    });

    it("is a refusal for the activities of a caller, which is not retried", async () => {
      const { clients, executionId, calls } = await connect();
      const read = createExecutionActivities(clients).ReadOutcome(executionId, "workflow");
      expect(await rejection(read)).toMatchObject({ type: "ExecutionRefused", nonRetryable: true });
      expect(calls).toEqual(["get"]);
    });
  },
);
