// What the callers ask for: what a shop's checkout and its support desk would send.

import { create } from "@bufbuild/protobuf";
import type { Execution } from "@stigmer/apis";
import { type AgentExecution, AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { ExecutionValueSchema } from "@stigmer/apis/executioncontext/v1";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";

/** A request for a workflow that handles an order. Without an id, it gets one where it is created. */
export function workflowRequest(
  workflowId: string,
  stockUrl: string,
  id: string = "",
): WorkflowExecution {
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: {
      id,
      name: `${workflowId} for A-1001`,
      org: "shop",
      ownerScope: ApiResourceOwnerScope.organization,
      labels: { team: "checkout" },
      tags: ["order:A-1001"],
    },
    spec: {
      workflowId,
      triggerMessage: JSON.stringify({
        orderId: "A-1001",
        items: [
          { sku: "lamp-oak-40", quantity: 2 },
          { sku: "bulb-e27-warm", quantity: 4 },
        ],
      }),
      triggerMetadata: { channel: "web", locale: "de-AT" },
      runtimeEnv: { STOCK_URL: { value: stockUrl } },
    },
  });
}

/** A request for an agent: a question to answer about an order. */
export function agentRequest(id: string = ""): AgentExecution {
  return create(AgentExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "AgentExecution",
    metadata: { id, name: "answer the customer of A-1001", org: "shop", tags: ["order:A-1001"] },
    spec: {
      agentId: "support-agent",
      message: "When will the lamps of order A-1001 arrive? Answer in one sentence.",
      executionConfig: { modelName: "small-and-quick" },
    },
  });
}

/** The request with the secret that its execution needs. */
export function withStockApiKey<E extends Execution>(request: E, apiKey: string): E {
  if (request.spec === undefined) throw new Error("expected a request with a spec");
  request.spec.runtimeEnv.STOCK_API_KEY = create(ExecutionValueSchema, {
    value: apiKey,
    isSecret: true,
  });
  return request;
}
