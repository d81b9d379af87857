import type { DescMessage } from "@bufbuild/protobuf";
import {
  AgentExecutionSchema,
  AgentExecutionSpecSchema,
  AgentExecutionStatusSchema,
} from "../agentexecution/v1.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
  WorkflowExecutionStatusSchema,
} from "../workflowexecution/v1.js";
import type { Execution, ExecutionSpec, ExecutionStatus } from "./execution.js";
import { type ExecutionKind, type ExecutionPart, identified } from "./kinds.js";

/** The schemas of both kinds. */
export const schemas: Readonly<
  Record<ExecutionKind, Readonly<Record<ExecutionPart, DescMessage>>>
> = {
  WorkflowExecution: {
    execution: WorkflowExecutionSchema,
    spec: WorkflowExecutionSpecSchema,
    status: WorkflowExecutionStatusSchema,
  },
  AgentExecution: {
    execution: AgentExecutionSchema,
    spec: AgentExecutionSpecSchema,
    status: AgentExecutionStatusSchema,
  },
};

/** The schema of an execution of either kind, of its spec or of its status. */
export function schemaOf(message: Execution | ExecutionSpec | ExecutionStatus): DescMessage {
  const { kind, part } = identified(message);
  return schemas[kind][part];
}
