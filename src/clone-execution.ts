import { clone } from "@bufbuild/protobuf";
import { AgentExecutionSchema } from "./agentexecution/v1.js";
import type { Execution } from "./execution.js";
import { WorkflowExecutionSchema } from "./workflowexecution/v1.js";

/** A deep copy of an execution of either kind. */
export function cloneExecution<E extends Execution>(execution: E): E {
  return (
    execution.$typeName === "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution"
      ? clone(WorkflowExecutionSchema, execution)
      : clone(AgentExecutionSchema, execution)
  ) as E;
}
