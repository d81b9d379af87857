import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import {
  type ConnectRouter,
  createRouterTransport,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { onTestFinished } from "vitest";

type Routes = (router: ConnectRouter) => void;

/** Makes a client's transport, as often as there are clients. */
export type Connect = (...interceptors: Interceptor[]) => Transport;

export interface Connection {
  readonly over: string;
  /** Serves the routes until the end of the test. */
  readonly serve: (routes: Routes, ...interceptors: Interceptor[]) => Promise<Connect>;
}

export const inMemory: Connection = {
  over: "createRouterTransport",
  serve:
    async (routes, ...interceptors) =>
    (...clientInterceptors) =>
      createRouterTransport(routes, {
        router: { interceptors },
        transport: { interceptors: clientInterceptors },
      }),
};

export const http1 = overHttp("Connect on HTTP/1.1", "1.1", createConnectTransport);
export const http2Json = overHttp("Connect with JSON on HTTP/2", "2", (options) =>
  createConnectTransport({ ...options, useBinaryFormat: false }),
);
export const http2 = overHttp("Connect on HTTP/2", "2", createConnectTransport);
export const grpc = overHttp("gRPC", "2", createGrpcTransport);
export const grpcWeb = overHttp("gRPC-Web", "1.1", createGrpcWebTransport);

/** Ways to reach a service, as a table for describe.each. */
export const connections: readonly Connection[] = [inMemory, http1, http2Json, grpc, grpcWeb];

interface TransportOptions {
  readonly baseUrl: string;
  readonly httpVersion: "1.1" | "2";
  readonly interceptors: Interceptor[];
}

function overHttp(
  over: string,
  httpVersion: "1.1" | "2",
  createTransport: (options: TransportOptions) => Transport,
): Connection {
  return {
    over,
    serve: async (routes, ...interceptors) => {
      const handle = connectNodeAdapter({ routes, interceptors });
      const server: Server =
        httpVersion === "2" ? createHttp2Server(handle) : createHttp1Server(handle);
      const sockets = new Set<Socket>();
      server.on("connection", (socket: Socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onTestFinished(async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      });
      const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return (...clientInterceptors) =>
        createTransport({ baseUrl, httpVersion, interceptors: clientInterceptors });
    },
  };
}

/** A client's interceptor that says who calls. */
export function as(caller: string): Interceptor {
  return (next) => (call) => {
    call.header.set("caller", caller);
    return next(call);
  };
}
