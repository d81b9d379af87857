import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AgentExecutionSchema, AgentExecutionSpecSchema } from "@stigmer/apis/agentexecution/v1";

/** @param {Uint8Array} bytes */
export function getAgentToken(bytes) {
  return fromBinary(AgentExecutionSchema, bytes).spec?.callbackToken;
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array<ArrayBuffer>} token
 */
export function setAgentToken(bytes, token) {
  const execution = fromBinary(AgentExecutionSchema, bytes);
  execution.spec ??= create(AgentExecutionSpecSchema);
  execution.spec.callbackToken = token;
  return toBinary(AgentExecutionSchema, execution);
}
