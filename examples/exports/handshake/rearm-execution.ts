import { create } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { callbackToken } from "@stigmer/apis";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
  AgentExecutionSchema,
} from "@stigmer/apis/agentexecution/v1";
import { rearmExecution, startExecution } from "@stigmer/apis/handshake";
import { createExecutionService } from "@stigmer/apis/testing";

// In place of the transport to a real execution service.
const transport = createRouterTransport(createExecutionService().routes);
const commands = createClient(AgentExecutionCommandController, transport);
const queries = createClient(AgentExecutionQueryController, transport);

const request = create(AgentExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "AgentExecution",
  metadata: { id: "aex-summary-17" },
  spec: { agentId: "agt-1", message: "Summarize the report." },
});
await startExecution(request, callbackToken(Uint8Array.of(1)), { commands, queries });

// The next attempt of the activity, when it knows that an earlier one has created the execution.
// When it does not, startExecution does both.
const token = callbackToken(Uint8Array.of(2));
const execution = await rearmExecution(request, token, { commands, queries });
console.log(execution.spec?.callbackToken.join()); // => 2
