import { create } from "@bufbuild/protobuf";
import {
  AgentExecutionSchema,
  AgentExecutionSpecSchema,
  AgentExecutionStatusSchema,
} from "@stigmer/apis/agentexecution/v1";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";

/** @import { AgentExecution } from "@stigmer/apis/agentexecution/v1" */
/** @import { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1" */
/** @import { Kind } from "./execution-store.js" */

/** @type {Kind<WorkflowExecution>} */
export const workflowKind = {
  schema: WorkflowExecutionSchema,
  statusSchema: WorkflowExecutionStatusSchema,
  idPrefix: "wex",
  isUniqueBySlug: true,
  resolveDefaults(execution) {
    execution.spec ??= create(WorkflowExecutionSpecSchema);
    execution.spec.workflowInstanceId ||= `wfi-${crypto.randomUUID()}`;
  },
};

/** @type {Kind<AgentExecution>} */
export const agentKind = {
  schema: AgentExecutionSchema,
  statusSchema: AgentExecutionStatusSchema,
  idPrefix: "aex",
  isUniqueBySlug: false,
  resolveDefaults(execution) {
    execution.spec ??= create(AgentExecutionSpecSchema);
    execution.spec.sessionId ||= `ses-${crypto.randomUUID()}`;
  },
};
