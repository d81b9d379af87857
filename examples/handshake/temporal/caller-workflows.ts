// The caller's workflows. Each has an execution made and waits for it, for as long as it takes.

import type { AgentExecutionStatus } from "@stigmer/apis/agentexecution/v1";
import type { ExecutionActivities } from "@stigmer/apis/temporal";
import type { WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1";
import { ActivityCancellationType, proxyActivities } from "@temporalio/workflow";
import { agentRequest, workflowRequest } from "../requests.js";

const { ExecuteWorkflow, ExecuteAgent } = proxyActivities<ExecutionActivities>({
  // What an execution may take.
  startToCloseTimeout: "1 day",
  // Wakes the caller when the runner, who heartbeats, is gone. Short, for this is a demonstration.
  heartbeatTimeout: "5s",
  // A cancellation reaches the execution, and the caller waits until it has ended.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** The checkout of an order: has a workflow executed that handles it. */
export async function checkOut(
  workflowId: string,
  stockUrl: string,
): Promise<WorkflowExecutionStatus> {
  return ExecuteWorkflow(workflowRequest(workflowId, stockUrl));
}

/** The support desk: has an agent answer a customer. */
export async function answerCustomer(): Promise<AgentExecutionStatus> {
  return ExecuteAgent(agentRequest());
}
