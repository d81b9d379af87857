import { operation, service } from "nexus-rpc";

/** @import { OperationDefinition } from "nexus-rpc" */
/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */

/** What a Nexus endpoint offers in place of the execution service's `create`. */
export const executions = service("executions", {
  run: /** @type {OperationDefinition<WorkflowExecution, WorkflowExecutionStatus>} */ (operation()),
});
