import { createClient, createRouterTransport } from "@connectrpc/connect";
import {
  AgentExecutionCommandController,
  ExecutionPhase,
  TodoStatus,
} from "@stigmer/apis/agentexecution/v1";
import { createExecutionService } from "@stigmer/apis/testing";

// For a real service: createConnectTransport({ baseUrl, httpVersion: "2" }) of @connectrpc/connect-node.
const transport = createRouterTransport(createExecutionService().routes);
const commands = createClient(AgentExecutionCommandController, transport);

const { metadata } = await commands.create({
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "AgentExecution",
  metadata: { name: "summary" },
  spec: { agentId: "agt-1", message: "Summarize the report." },
});

// The whole status, every time: what is left out is gone.
const { status } = await commands.updateStatus({
  executionId: metadata?.id ?? "",
  status: {
    phase: ExecutionPhase.EXECUTION_IN_PROGRESS,
    todos: { read: { id: "read", content: "Read it", status: TodoStatus.TODO_IN_PROGRESS } },
  },
});
console.log(status?.todos.read?.content); // => Read it
