/**
 * The handshake on Temporal, for workflow code: safe in its sandbox. Needs `@temporalio/workflow` and
 * `@temporalio/common`.
 */

export { cutFieldsOf } from "../payload/fit-status.js";
export { type ExecuteOptions, executeAgent, executeWorkflow } from "./execute-execution.js";
export {
  decodeTemporalWorkflowInput,
  encodeTemporalWorkflowInput,
  type TemporalWorkflowInput,
  type WorkflowInput,
} from "./temporal-workflow-input.js";
export {
  decodeTemporalWorkflowOutput,
  encodeTemporalWorkflowOutput,
  type TemporalWorkflowOutput,
  toTemporalWorkflowOutput,
  type WorkflowOutput,
} from "./temporal-workflow-output.js";
export { type CallbackOptions, type WaitingCaller, withCallback } from "./with-callback.js";
