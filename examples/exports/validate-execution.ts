import { create } from "@bufbuild/protobuf";
import { validateExecution } from "@stigmer/apis";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";

const execution = create(AgentExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "AgentExecution",
  metadata: { name: "summary" },
  spec: { agentId: "agt-1" },
});

for (const { field, rule, message } of validateExecution(execution)) {
  console.log(`${field} ${message} (${rule})`); // => spec.message must not be empty (string.min_len)
}
