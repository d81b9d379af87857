import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { callbackToken, getCallbackToken, setCallbackToken } from "@stigmer/apis";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

/** @param {Uint8Array} bytes */
export function getWorkflowToken(bytes) {
  return getCallbackToken(fromBinary(WorkflowExecutionSchema, bytes));
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} token
 */
export function setWorkflowToken(bytes, token) {
  const execution = fromBinary(WorkflowExecutionSchema, bytes);
  setCallbackToken(execution, callbackToken(token));
  return toBinary(WorkflowExecutionSchema, execution);
}
