import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";

/** @import { WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Clients } from "../../test/temporal/world/clients-over.js" */

/** @typedef {ReturnType<typeof createPublishActivities>} PublishActivities */

/**
 * What a runner does whatever the handshake is made of.
 *
 * @param {Clients} clients
 */
export function createPublishActivities({ workflow: { commands } }) {
  return {
    /** @param {string} executionId */
    async publishStart(executionId) {
      const phase = ExecutionPhase.EXECUTION_IN_PROGRESS;
      await commands.updateStatus({ executionId, status: { phase } });
    },

    /**
     * @param {string} executionId
     * @param {WorkflowExecutionStatus} status
     */
    async publishEnd(executionId, status) {
      await commands.updateStatus({ executionId, status });
    },
  };
}
