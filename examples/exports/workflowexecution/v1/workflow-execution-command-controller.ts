import { createClient, createRouterTransport } from "@connectrpc/connect";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  WorkflowExecutionCommandController,
} from "@stigmer/apis/workflowexecution/v1";

// For a real service: createConnectTransport({ baseUrl, httpVersion: "2" }) of @connectrpc/connect-node.
const transport = createRouterTransport(createExecutionService().routes);
const commands = createClient(WorkflowExecutionCommandController, transport);

const created = await commands.create({
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { name: "shipping", ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-shipping" },
});
console.log(created.metadata?.id.startsWith("wex")); // => true

const executionId = created.metadata?.id ?? "";
const { status } = await commands.updateStatus({
  executionId,
  status: { phase: ExecutionPhase.EXECUTION_IN_PROGRESS },
});
console.log(ExecutionPhase[status?.phase ?? 0]); // => EXECUTION_IN_PROGRESS

await commands.delete({ value: executionId });
