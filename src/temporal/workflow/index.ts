export {
  decodeTemporalWorkflowInput,
  encodeTemporalWorkflowInput,
  type TemporalWorkflowInput,
  type WorkflowInput,
} from "./temporal-workflow-input.js";
export { type CallbackOptions, type WaitingCaller, withCallback } from "./with-callback.js";
