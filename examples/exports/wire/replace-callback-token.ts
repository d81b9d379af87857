import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AgentExecutionSchema } from "@stigmer/apis/agentexecution/v1";
import { replaceCallbackToken } from "@stigmer/apis/wire";

const bytes = toBinary(
  AgentExecutionSchema,
  create(AgentExecutionSchema, {
    spec: { agentId: "agt-1", message: "Hello", callbackToken: Uint8Array.of(7, 8, 9) },
  }),
);

const replaced = replaceCallbackToken("AgentExecution", bytes, Uint8Array.of(1, 2));
const { spec } = fromBinary(AgentExecutionSchema, replaced);
console.log(spec?.callbackToken.join(" ")); // => 1 2
console.log(spec?.message); // => Hello
