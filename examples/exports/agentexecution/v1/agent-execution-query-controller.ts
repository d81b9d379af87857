import { createClient, createRouterTransport } from "@connectrpc/connect";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
  ExecutionPhase,
} from "@stigmer/apis/agentexecution/v1";
import { createExecutionService } from "@stigmer/apis/testing";

// For a real service: createConnectTransport({ baseUrl, httpVersion: "2" }) of @connectrpc/connect-node.
const transport = createRouterTransport(createExecutionService().routes);
const commands = createClient(AgentExecutionCommandController, transport);
const queries = createClient(AgentExecutionQueryController, transport);

const { metadata } = await commands.create({
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "AgentExecution",
  metadata: { name: "summary" },
  spec: { agentId: "agt-1", message: "Summarize the report." },
});
const executionId = metadata?.id ?? "";

// The current state at once, then every change, until it has ended.
for await (const { status } of queries.subscribe({ value: executionId })) {
  const phase = status?.phase ?? ExecutionPhase.EXECUTION_PHASE_UNSPECIFIED;
  console.log(ExecutionPhase[phase]);
  // => EXECUTION_PENDING
  // => EXECUTION_FAILED
  if (phase !== ExecutionPhase.EXECUTION_PENDING) continue;
  await commands.updateStatus({
    executionId,
    status: { phase: ExecutionPhase.EXECUTION_FAILED, error: "there is no such agent" },
  });
}
