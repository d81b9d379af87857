import { startWorkflow, WorkflowRunOperationHandler } from "@temporalio/nexus";
import { serviceHandler } from "nexus-rpc";
import { executions } from "./nexus-service.js";
import { subjects } from "./subjects.js";

/** @import { WorkflowExecution, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Clients } from "../../test/temporal/world/clients-over.js" */

/**
 * Creates the execution, as the activities of the others do, and starts its runner.
 *
 * @param {Clients} clients
 * @param {WorkflowExecutionStatus} status that the runner ends with
 */
export function createNexusHandler({ workflow: { commands } }, status) {
  return serviceHandler(executions, {
    run: new WorkflowRunOperationHandler(
      async (context, /** @type {WorkflowExecution} */ execution) => {
        const { metadata } = await commands.create(execution);
        const workflowId = metadata?.id ?? "";
        return startWorkflow(context, subjects.Nexus.runner, {
          workflowId,
          args: [workflowId, status],
        });
      },
    ),
  });
}
