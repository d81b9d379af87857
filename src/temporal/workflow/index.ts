/**
 * The handshake on Temporal, for workflow code: safe in its sandbox. Needs `@temporalio/workflow` and
 * `@temporalio/common`.
 */

export {
  decodeTemporalWorkflowInput,
  encodeTemporalWorkflowInput,
  type TemporalWorkflowInput,
  type WorkflowInput,
} from "./temporal-workflow-input.js";
export { type CallbackOptions, type WaitingCaller, withCallback } from "./with-callback.js";
