import { create, toBinary } from "@bufbuild/protobuf";
import { peekCallbackToken } from "@stigmer/apis/wire";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

// As it comes from a request or a queue. A gateway that imports only `/wire` needs no stubs.
const bytes = toBinary(
  WorkflowExecutionSchema,
  create(WorkflowExecutionSchema, {
    spec: { workflowId: "wfl-1", callbackToken: Uint8Array.of(7, 8, 9) },
  }),
);

const token = peekCallbackToken("WorkflowExecution", bytes);
console.log(token?.join(" ")); // => 7 8 9
console.log(token?.buffer === bytes.buffer); // => true
