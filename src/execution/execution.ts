import type {
  AgentExecution,
  AgentExecutionSpec,
  AgentExecutionStatus,
} from "../agentexecution/v1.js";
import type {
  WorkflowExecution,
  WorkflowExecutionSpec,
  WorkflowExecutionStatus,
} from "../workflowexecution/v1.js";

/** An execution of either kind. */
export type Execution = WorkflowExecution | AgentExecution;

/** What the caller asked for, of either kind. */
export type ExecutionSpec = WorkflowExecutionSpec | AgentExecutionSpec;

/** What was observed, of either kind. */
export type ExecutionStatus = WorkflowExecutionStatus | AgentExecutionStatus;
