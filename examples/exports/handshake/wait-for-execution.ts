import { createClient, createRouterTransport } from "@connectrpc/connect";
import {
  AgentExecutionCommandController,
  AgentExecutionQueryController,
  ExecutionPhase,
} from "@stigmer/apis/agentexecution/v1";
import { waitForExecution } from "@stigmer/apis/handshake";
import { createExecutionService } from "@stigmer/apis/testing";

// In place of the transport to a real execution service.
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

// Waits here for 10 minutes at most.
const waiting = waitForExecution(executionId, queries, {
  deadline: new Date(Date.now() + 10 * 60_000),
});

// What its runner does meanwhile.
await commands.updateStatus({
  executionId,
  status: { phase: ExecutionPhase.EXECUTION_IN_PROGRESS },
});
await commands.updateStatus({
  executionId,
  status: { phase: ExecutionPhase.EXECUTION_COMPLETED, messages: [{ content: "All is well." }] },
});

const status = await waiting;
console.log(ExecutionPhase[status.phase]); // => EXECUTION_COMPLETED
console.log(status.messages[0]?.content); // => All is well.
