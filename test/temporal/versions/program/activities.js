// The activities of that caller and of its runners.

import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
} from "@stigmer/apis/agentexecution/v1";
import {
  createExecutionActivities,
  createSystemActivities,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
} from "@stigmer/apis/workflowexecution/v1";

/**
 * @typedef {object} Service
 * @property {string} url
 * @property {string} [key] shows that one may read tokens
 */

/** @param {Service} service */
function connect({ url, key }) {
  const transport = createConnectTransport({
    baseUrl: url,
    httpVersion: "1.1",
    interceptors: [
      (next) => (call) => {
        if (key) call.header.set("authorization", key);
        return next(call);
      },
    ],
  });
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

/** @param {Service} service */
export function callerActivities({ url }) {
  return createExecutionActivities(connect({ url }));
}

/**
 * @param {Service} service
 * @param {import("@temporalio/client").Client} callers
 */
export function runnerActivities(service, callers) {
  const clients = connect(service);
  return {
    ...createSystemActivities({ completer: temporalCompleter(callers), executions: clients }),
    /**
     * @param {string} executionId
     * @param {any} status
     */
    async publishStatus(executionId, status) {
      const { commands } = executionId.startsWith("aex") ? clients.agent : clients.workflow;
      await commands.updateStatus({ executionId, status });
    },
  };
}
