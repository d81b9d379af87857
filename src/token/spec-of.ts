import { describeType } from "../describe-type.js";
import type { Execution, ExecutionSpec } from "../execution.js";
import { CallbackTokenError } from "./callback-token-error.js";

/**
 * The spec of an execution, or the spec itself; undefined when the execution has none.
 *
 * Throws a `CallbackTokenError` with code `wrong-message` for anything else.
 */
export function specOf(target: Execution | ExecutionSpec): ExecutionSpec | undefined {
  switch (target?.$typeName) {
    case "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution":
    case "ai.stigmer.agentic.agentexecution.v1.AgentExecution":
      return target.spec === undefined ? undefined : specOf(target.spec);
    case "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec":
    case "ai.stigmer.agentic.agentexecution.v1.AgentExecutionSpec":
      return target;
    default:
      throw new CallbackTokenError(
        "wrong-message",
        `expected a WorkflowExecution, an AgentExecution or the spec of one, got ${describeType(target)}`,
      );
  }
}
