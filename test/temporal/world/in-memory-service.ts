import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { Execution } from "@stigmer/apis";
import { guardedServer } from "@stigmer/apis/connect";
import { createExecutionService } from "@stigmer/apis/testing";
import type { Service, ServiceObserver } from "./service.js";

/** The execution service in memory, served from the test's own process. */
export async function startInMemoryService(observer: ServiceObserver): Promise<Service> {
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
      if (answersToLose.delete(name)) server?.closeAllConnections();
    }
  };
  const key = `Bearer ${randomUUID()}`;
  const handler = connectNodeAdapter(
    guardedServer(
      { routes: createExecutionService().routes, interceptors: [observed] },
      { mayRead: ({ header }) => header.get("authorization") === key },
    ),
  );
  let server: Server | undefined;
  const listen = async (port: number) => {
    server = createServer(handler).listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const down = async () => {
    const closing = server;
    server = undefined;
    if (!closing) return;
    const close = once(closing, "close");
    closing.close();
    closing.closeAllConnections();
    await close;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    protocol: "connect",
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
