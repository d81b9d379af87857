import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { callbackToken, getCallbackToken, setCallbackToken } from "@stigmer/apis";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";

/** @param {Uint8Array} bytes */
export function getAgentToken(bytes) {
  return getCallbackToken(fromBinary(AgentExecutionSchema, bytes));
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} token
 */
export function setAgentToken(bytes, token) {
  const execution = fromBinary(AgentExecutionSchema, bytes);
  setCallbackToken(execution, callbackToken(token));
  return toBinary(AgentExecutionSchema, execution);
}
