// An execution service on a real HTTP server. It tells tokens and secrets to runners only, who show
// a key. A caller needs to read none: it has its own token from its engine.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { guardedServer } from "@stigmer/apis/connect";
import type { ExecutionService } from "@stigmer/apis/testing";

export interface ExecutionServer {
  readonly url: string;
  /** What a runner shows to read tokens and secrets. */
  readonly runnerKey: string;
  stop(): Promise<void>;
}

export async function serveExecutions(
  { routes }: ExecutionService,
  ...interceptors: Interceptor[]
): Promise<ExecutionServer> {
  const runnerKey = randomUUID();
  const guarded = guardedServer(
    { routes, interceptors },
    { mayRead: ({ header }) => header.get("authorization") === `Bearer ${runnerKey}` },
  );
  const server = createServer(connectNodeAdapter(guarded));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    runnerKey,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
