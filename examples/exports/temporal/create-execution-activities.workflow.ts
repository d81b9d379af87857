import type { ExecutionActivities } from "@stigmer/apis/temporal";
import type { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1";
import { proxyActivities } from "@temporalio/workflow";

const { ExecuteWorkflow } = proxyActivities<ExecutionActivities>({
  startToCloseTimeout: "1 day",
  heartbeatTimeout: "1 minute",
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
});

/** Waits for the execution, and holds no worker meanwhile. */
export async function ship(request: WorkflowExecution): Promise<string> {
  const { output } = await ExecuteWorkflow(request);
  return `parcel ${output?.parcel}`;
}
