import { create, fromJson, toJson } from "@bufbuild/protobuf";
import { AgentExecutionSchema, MessageType } from "@stigmer/apis/agentexecution/v1";

const execution = create(AgentExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "AgentExecution",
  metadata: { name: "summary" },
  spec: { agentId: "agt-1", message: "Summarize the report." },
  status: { messages: [{ type: MessageType.MESSAGE_AI, content: "All is well." }] },
});

const json = toJson(AgentExecutionSchema, execution);
const { status } = fromJson(AgentExecutionSchema, json);
for (const { type, content } of status?.messages ?? []) {
  console.log(MessageType[type], content); // => MESSAGE_AI All is well.
}
