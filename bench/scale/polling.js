import { Code, ConnectError } from "@connectrpc/connect";
import { isTerminal } from "@stigmer/apis/handshake";
import { Context } from "@temporalio/activity";

/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Clients } from "../../test/temporal/world/clients-over.js" */

/** @typedef {ReturnType<typeof createPollingActivities>} PollingActivities */

/**
 * The wait as a plain activity: it stays in the worker, and looks for the end again and again.
 *
 * @param {Clients} clients
 */
export function createPollingActivities({ workflow: { commands, queries } }) {
  return {
    /**
     * @param {WorkflowExecution} execution
     * @param {number} interval in milliseconds
     * @returns {Promise<WorkflowExecutionStatus>}
     */
    async executeAndPoll(execution, interval) {
      const context = Context.current();
      const value = execution.metadata?.id ?? "";
      try {
        await commands.create(execution);
      } catch (error) {
        // An earlier attempt has created it.
        if (ConnectError.from(error).code !== Code.AlreadyExists) throw error;
      }
      for (;;) {
        context.heartbeat();
        const current = await queries.get({ value });
        if (current.status && isTerminal(current)) return current.status;
        await context.sleep(interval);
      }
    },
  };
}
