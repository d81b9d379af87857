// A caller's workflow. createExecutionActivities shows its worker.

import { create } from "@bufbuild/protobuf";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { executeAgent } from "@stigmer/apis/temporal/workflow";

export async function answer(question: string): Promise<string> {
  const request = create(AgentExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "AgentExecution",
    spec: { agentId: "agt-support", message: question },
  });
  const { messages } = await executeAgent(request, {
    scheduleToCloseTimeout: "1 hour",
    // Of a runner that sends no heartbeats, such as Stigmer's in Go: as long as it may take.
    heartbeatTimeout: "10 minutes",
  });
  return messages.at(-1)?.content ?? "";
}
