// The caller's workflows. Each has an execution made and waits for it, for as long as it takes.

import type { AgentExecutionStatus } from "@stigmer/apis/agentexecution/v1";
import { executeAgent, executeWorkflow } from "@stigmer/apis/temporal/workflow";
import type { WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1";
import { agentRequest, workflowRequest } from "../requests.js";

const options = {
  // What an execution may take.
  scheduleToCloseTimeout: "1 day",
  // Wakes the caller when the runner, who heartbeats, is gone. Short, for this is a demonstration.
  heartbeatTimeout: "5s",
} as const;

/** The checkout of an order: has a workflow executed that handles it. */
export async function checkOut(
  workflowId: string,
  stockUrl: string,
): Promise<WorkflowExecutionStatus> {
  return executeWorkflow(workflowRequest(workflowId, stockUrl), options);
}

/** The support desk: has an agent answer a customer. */
export async function answerCustomer(): Promise<AgentExecutionStatus> {
  return executeAgent(agentRequest(), options);
}
