import { type Execution, formatCallbackToken, getCallbackToken } from "@stigmer/apis";
import type { AgentExecution } from "@stigmer/apis/agentexecution/v1";
import { encodeTemporalWorkflowInput } from "@stigmer/apis/temporal/workflow";
import type { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1";
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
} from "@temporalio/client";
import { environmentOf } from "../environment.js";
import { workflows } from "../workflows.js";
import type { ExecuteServerlessWorkflow, RunAgent } from "./runner-workflows.js";

/**
 * Has a runner take an execution: starts its workflow, unless that was done before. The token is in
 * the input, by contract, and so in Temporal's history; secrets are not.
 */
export async function dispatch(
  client: Client,
  taskQueue: string,
  execution: Execution,
): Promise<WorkflowHandle | undefined> {
  const options = {
    taskQueue,
    workflowId: execution.metadata?.id ?? "",
    workflowIdReusePolicy: "REJECT_DUPLICATE",
  } as const;
  try {
    return execution.$typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution"
      ? await client.workflow.start<typeof ExecuteServerlessWorkflow>("ExecuteServerlessWorkflow", {
          ...options,
          args: [workflowInput(execution)],
        })
      : await client.workflow.start<typeof RunAgent>("RunAgent", {
          ...options,
          args: [agentInput(execution)],
        });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

function workflowInput(execution: WorkflowExecution) {
  return encodeTemporalWorkflowInput({
    executionId: execution.metadata?.id ?? "",
    workflowYaml: workflows.get(execution.spec?.workflowId ?? "") ?? "",
    metadata: execution.spec?.triggerMetadata,
    initialData: JSON.parse(execution.spec?.triggerMessage || "{}"),
    envVars: environmentOf(execution).values,
    orgId: execution.metadata?.org ?? "",
    callbackToken: getCallbackToken(execution),
  });
}

function agentInput(execution: AgentExecution) {
  const token = getCallbackToken(execution);
  return {
    executionId: execution.metadata?.id ?? "",
    question: execution.spec?.message ?? "",
    callbackToken: token ? formatCallbackToken(token) : "",
  };
}
