import { create, toBinary } from "@bufbuild/protobuf";
import { peekCallbackToken, removeCallbackToken } from "@stigmer/apis/wire";
import { WorkflowExecutionSpecSchema } from "@stigmer/apis/workflowexecution/v1";

const spec = create(WorkflowExecutionSpecSchema, {
  workflowId: "wfl-1",
  callbackToken: crypto.getRandomValues(new Uint8Array(132)),
});
const bytes = toBinary(WorkflowExecutionSpecSchema, spec);

const safe = removeCallbackToken("WorkflowExecutionSpec", bytes);
console.log(peekCallbackToken("WorkflowExecutionSpec", safe)); // => undefined
console.log(bytes.length - safe.length); // => 135
