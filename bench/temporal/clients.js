import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";

/** @typedef {ReturnType<typeof createClients>} Clients */

/**
 * Clients of the execution service.
 *
 * @param {string} baseUrl
 */
export function createClients(baseUrl) {
  const transport = createConnectTransport({ httpVersion: "1.1", baseUrl });
  return {
    workflow: {
      commands: createClient(WorkflowExecutionCommandController, transport),
      queries: createClient(WorkflowExecutionQueryController, transport),
    },
    agent: {
      commands: createClient(AgentExecutionCommandController, transport),
      queries: createClient(AgentExecutionQueryController, transport),
    },
  };
}
