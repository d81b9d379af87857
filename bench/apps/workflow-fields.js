import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "@stigmer/apis/workflowexecution/v1";

/** @param {Uint8Array} bytes */
export function getWorkflowToken(bytes) {
  return fromBinary(WorkflowExecutionSchema, bytes).spec?.callbackToken;
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array<ArrayBuffer>} token
 */
export function setWorkflowToken(bytes, token) {
  const execution = fromBinary(WorkflowExecutionSchema, bytes);
  execution.spec ??= create(WorkflowExecutionSpecSchema);
  execution.spec.callbackToken = token;
  return toBinary(WorkflowExecutionSchema, execution);
}
