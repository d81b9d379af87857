import { create } from "@bufbuild/protobuf";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { validateExecution } from "@stigmer/apis/validation";

const execution = create(AgentExecutionSchema, {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "AgentExecution",
  metadata: { name: "summary" },
  spec: { agentId: "agt-1" },
});

for (const { field, rule, message } of validateExecution(execution)) {
  console.log(`${field} ${message} (${rule})`); // => spec.message must be at least 1 characters, got "" (string.min_len)
}
