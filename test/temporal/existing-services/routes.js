import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";

/** @import { ConnectRouter } from "@connectrpc/connect" */
/** @import { AgentExecution } from "@stigmer/apis/agentexecution/v1" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */
/** @import { ExecutionStore } from "./execution-store.js" */

/**
 * What the existing services serve, to everybody and with tokens and secrets. What is left out is
 * UNIMPLEMENTED: `listByWorkflow`, as observed, and `listBySession`, of which nothing is known.
 *
 * @param {ExecutionStore<WorkflowExecution>} workflows
 * @param {ExecutionStore<AgentExecution>} agents
 * @returns {(router: ConnectRouter) => void}
 */
export function routesOf(workflows, agents) {
  return (router) => {
    router.service(WorkflowExecutionCommandController, {
      create: (request) => workflows.create(request),
      update: (request) => workflows.update(request),
      updateStatus: ({ executionId, status }) => workflows.updateStatus(executionId, status),
      delete: ({ value }) => workflows.remove(value),
    });
    router.service(WorkflowExecutionQueryController, {
      get: ({ value }) => workflows.get(value),
      // All of them, whatever the request asks for.
      list: () => ({ totalPages: 1, entries: workflows.all() }),
      subscribe: ({ executionId }, { signal }) => workflows.subscribe(executionId, signal),
    });
    router.service(AgentExecutionCommandController, {
      create: (request) => agents.create(request),
      update: (request) => agents.update(request),
      updateStatus: ({ executionId, status }) => agents.updateStatus(executionId, status),
      delete: ({ value }) => agents.remove(value),
    });
    router.service(AgentExecutionQueryController, {
      get: ({ value }) => agents.get(value),
      list: () => ({}),
      subscribe: ({ value }, { signal }) => agents.subscribe(value, signal),
    });
  };
}
