// A server for viewers: the page, and the executions to read, without what is secret in them.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { type ConnectNodeAdapterOptions, connectNodeAdapter } from "@connectrpc/connect-node";
import { guardedServer } from "@stigmer/apis/connect";
import type { ExecutionService } from "@stigmer/apis/testing";
import { WorkflowExecutionQueryController } from "@stigmer/apis/workflowexecution/v1";
import type { Page } from "./bundle-page.js";

export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves the page and the executions that it shows, to this machine only. `fallback` answers what is
 * neither a file of the page nor a call of the service; by default the answer is 404.
 */
export async function serve(
  page: Page,
  { routes }: ExecutionService,
  options: Pick<ConnectNodeAdapterOptions, "fallback"> = {},
): Promise<Server> {
  // Whoever comes over HTTP is a viewer; the runner of this example is in the same process.
  const guarded = guardedServer({ routes, interceptors: [readOnly] }, { mayRead: () => false });
  const answerCall = connectNodeAdapter({ ...guarded, ...options });
  const server = createServer((request, response) => {
    const file = page.files.get(request.url?.replace(/\?.*/, "") ?? "");
    if (file === undefined) answerCall(request, response);
    else response.writeHead(200, { "content-type": file.type }).end(file.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const readOnly: Interceptor = (next) => (call) => {
  if (call.service.typeName !== WorkflowExecutionQueryController.typeName) {
    throw new ConnectError("viewers read workflow executions only", Code.PermissionDenied);
  }
  return next(call);
};
