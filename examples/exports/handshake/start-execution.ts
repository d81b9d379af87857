import { create } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { callbackToken } from "@stigmer/apis";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { isTerminal, startExecution } from "@stigmer/apis/handshake";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";

// In place of the transport to a real execution service.
const transport = createRouterTransport(createExecutionService().routes);
const commands = createClient(WorkflowExecutionCommandController, transport);
const queries = createClient(WorkflowExecutionQueryController, transport);

const request = create(WorkflowExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  // The same for every attempt of the activity that asks for it.
  metadata: { id: "wex-order-17-shipping", ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-shipping" },
});

/** One attempt of the caller's activity, with the task token that its engine gives it. */
async function attempt(taskToken: Uint8Array): Promise<string> {
  const execution = await startExecution(request, callbackToken(taskToken), { commands, queries });
  return isTerminal(execution) ? "ended" : `pending, ${execution.metadata?.id}`;
}

console.log(await attempt(Uint8Array.of(1))); // => pending, wex-order-17-shipping

// The first attempt has timed out. The second one finds its execution, and re-arms it.
console.log(await attempt(Uint8Array.of(2))); // => pending, wex-order-17-shipping
const { spec } = await queries.get({ value: "wex-order-17-shipping" });
console.log(spec?.callbackToken.join()); // => 2
