/** @import { ExecutionStatus } from "@stigmer/apis" */
/** @import { Clients } from "../../test/temporal/world/clients-over.js" */

/** @typedef {ReturnType<typeof createRunnerActivities>} RunnerActivities */

/**
 * What a runner's workflow does beside the handshake.
 *
 * @param {Clients} executions
 */
export function createRunnerActivities({ workflow, agent }) {
  return {
    /**
     * @param {string} executionId
     * @param {ExecutionStatus} status
     */
    async publishStatus(executionId, status) {
      if (status.$typeName === "ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus") {
        await agent.commands.updateStatus({ executionId, status });
      } else await workflow.commands.updateStatus({ executionId, status });
    },
  };
}
