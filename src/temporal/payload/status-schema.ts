import { AgentExecutionStatusSchema } from "../../agentexecution/v1.js";
import type { ExecutionStatus } from "../../execution.js";
import { WorkflowExecutionStatusSchema } from "../../workflowexecution/v1.js";

/** The schema of a status of either kind. */
export function statusSchema({
  $typeName,
}: ExecutionStatus): typeof WorkflowExecutionStatusSchema | typeof AgentExecutionStatusSchema {
  return $typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionStatus"
    ? WorkflowExecutionStatusSchema
    : AgentExecutionStatusSchema;
}
