import { CompleteAsyncError, Context } from "@temporalio/activity";

/** @import { ExecutionStatus } from "@stigmer/apis" */
/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Client } from "@temporalio/client" */
/** @import { Clients } from "../../test/temporal/world/clients-over.js" */

/**
 * The handshake's activities as somebody writes them with Temporal's SDK alone, for the case that
 * nothing goes wrong: no later attempt, no other token, no error told apart from another.
 *
 * @param {Client} client
 * @param {Clients} clients
 */
export function createActivitiesByHand(client, { workflow: { commands } }) {
  return {
    /**
     * @param {WorkflowExecution} execution
     * @returns {Promise<WorkflowExecutionStatus>}
     */
    async ExecuteWorkflow(execution) {
      if (execution.spec) execution.spec.callbackToken = Context.current().info.taskToken.slice();
      await commands.create(execution);
      throw new CompleteAsyncError();
    },

    /**
     * @param {Uint8Array} token
     * @param {ExecutionStatus} status
     */
    async CompleteExternalActivity(token, status) {
      await client.activity.complete(token, status);
    },
  };
}
