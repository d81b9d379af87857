import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { Execution } from "@stigmer/apis";
import { guardedServer } from "@stigmer/apis/connect";
import { createExecutionService } from "@stigmer/apis/testing";
import type { Service, ServiceObserver } from "./service.js";

/**
 * The execution service in memory, served from the test's own process: over HTTP/1.1, or for clients
 * that speak gRPC only, over HTTP/2.
 */
export async function startInMemoryService(
  observer: ServiceObserver,
  protocol: Service["protocol"] = "connect",
): Promise<Service> {
  const answersToLose = new Set<string>();
  const observed: Interceptor = (next) => async (call) => {
    const { name } = call.method;
    observer.called(name);
    try {
      const response = await next(call);
      if (name === "create" && !response.stream) observer.created(response.message as Execution);
      if (name === "update") observer.updated();
      return response;
    } finally {
      if (answersToLose.delete(name)) closeAllConnections();
    }
  };
  const key = `Bearer ${randomUUID()}`;
  const handler = connectNodeAdapter(
    guardedServer(
      { routes: createExecutionService().routes, interceptors: [observed] },
      { mayRead: ({ header }) => header.get("authorization") === key },
    ),
  );
  const newServer = () =>
    protocol === "grpc" ? createHttp2Server(handler) : createServer(handler);
  let server: ReturnType<typeof newServer> | undefined;
  const sockets = new Set<Socket>();
  const closeAllConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = async (port: number) => {
    server = newServer().listen(port, "127.0.0.1");
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const down = async () => {
    const closing = server;
    server = undefined;
    if (!closing) return;
    const close = once(closing, "close");
    closing.close();
    closeAllConnections();
    await close;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    protocol,
    key,
    down,
    async up() {
      if (!server) await listen(port);
    },
    loseAnswer(method) {
      answersToLose.add(method);
    },
    stop: down,
  };
}
