// A caller's workflow. createExecutionActivities shows its worker.

import { create } from "@bufbuild/protobuf";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { executeWorkflow } from "@stigmer/apis/temporal/workflow";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import { ApplicationFailure, uuid4 } from "@temporalio/workflow";

export async function ship(order: string): Promise<string> {
  const request = create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    // For a workflow that needs to know the id; else it is made by executeWorkflow.
    metadata: { id: `wex-${uuid4()}`, ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId: "wfl-shipping", triggerMessage: order },
  });
  try {
    const { output } = await executeWorkflow(request, { scheduleToCloseTimeout: "7 days" });
    return `parcel ${output?.parcel}`;
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === "ExecutionFailed") {
      return `not shipped: ${error.message}`;
    }
    throw error;
  }
}
