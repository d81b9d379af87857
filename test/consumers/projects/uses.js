// What a program does with each tool: it sets a token and reads it, also from encoded bytes, redacts,
// and calls a server.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import {
  callbackToken,
  describeCallbackToken,
  getCallbackToken,
  setCallbackToken,
} from "@stigmer/apis";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { toRedactedJson } from "@stigmer/apis/redaction";
import { peekCallbackToken } from "@stigmer/apis/wire";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "@stigmer/apis/workflowexecution/v1";

/**
 * @param {string} baseUrl
 * @param {{ fetch?: typeof fetch }} [options]
 */
export async function uses(baseUrl, options = {}) {
  const execution = create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId: "wfl-1" },
  });
  setCallbackToken(execution, callbackToken(Uint8Array.of(1, 2, 3)));
  const bytes = toBinary(WorkflowExecutionSchema, execution);
  const read = getCallbackToken(fromBinary(WorkflowExecutionSchema, bytes));

  const transport = createConnectTransport({ baseUrl, ...options });
  const commands = createClient(WorkflowExecutionCommandController, transport);
  const answered = getCallbackToken(await commands.create(execution));
  return {
    token: read && describeCallbackToken(read),
    wire: peekCallbackToken("WorkflowExecution", bytes)?.join(),
    redaction: execution.spec && toRedactedJson(WorkflowExecutionSpecSchema, execution.spec),
    call: answered && describeCallbackToken(answered),
  };
}
