import { create } from "@bufbuild/protobuf";
import { hasCallbackToken } from "@stigmer/apis";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";

const execution = create(AgentExecutionSchema, { spec: { agentId: "agt-1", message: "Hello" } });

console.log(hasCallbackToken(execution) ? "report to its caller" : "nobody waits"); // => nobody waits
