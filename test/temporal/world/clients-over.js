import { createClient } from "@connectrpc/connect";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";

/** @typedef {ReturnType<typeof clientsOver>} Clients */

/**
 * Clients of the execution service, by the kind of execution.
 *
 * @param {import("@connectrpc/connect").Transport} transport
 */
export function clientsOver(transport) {
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
