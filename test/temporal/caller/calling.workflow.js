import { proxyActivities, proxyLocalActivities } from "@temporalio/workflow";

/** @import { ExecutionActivities } from "@stigmer/apis/temporal" */
/** @import { AgentExecution } from "@stigmer/apis/agentexecution/v1" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */

const retry = { initialInterval: "100ms", maximumInterval: "100ms" };

/**
 * @param {WorkflowExecution | AgentExecution} execution
 * @param {import("@temporalio/workflow").ActivityOptions} [options]
 */
export async function calling(execution, options) {
  const activities = /** @type {ExecutionActivities} */ (
    proxyActivities({ startToCloseTimeout: "1m", retry, ...options })
  );
  return execution.$typeName === "ai.stigmer.agentic.agentexecution.v1.AgentExecution"
    ? activities.ExecuteAgent(execution)
    : activities.ExecuteWorkflow(execution);
}

/** @param {WorkflowExecution} execution */
export async function callingLocally(execution) {
  const activities = /** @type {ExecutionActivities} */ (
    proxyLocalActivities({ startToCloseTimeout: "1m" })
  );
  return activities.ExecuteWorkflow(execution);
}
