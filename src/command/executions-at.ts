import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AgentExecutionQueryController } from "../agentexecution/v1.js";
import type { ExecutionReaders } from "../temporal/index.js";
import { WorkflowExecutionQueryController } from "../workflowexecution/v1.js";

/** Readers of the execution service at this URL. */
export function executionsAt(baseUrl: string, authorization: string | undefined): ExecutionReaders {
  const transport = createGrpcTransport({
    baseUrl,
    interceptors: [
      (next) => (call) => {
        if (authorization !== undefined) call.header.set("authorization", authorization);
        return next(call);
      },
    ],
  });
  return {
    workflow: { queries: createClient(WorkflowExecutionQueryController, transport) },
    agent: { queries: createClient(AgentExecutionQueryController, transport) },
  };
}
