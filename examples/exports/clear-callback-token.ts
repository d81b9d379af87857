import { create } from "@bufbuild/protobuf";
import { clearCallbackToken, hasCallbackToken } from "@stigmer/apis";
import { WorkflowExecutionSpecSchema } from "@stigmer/apis/workflowexecution/v1";

const spec = create(WorkflowExecutionSpecSchema, {
  workflowId: "wfl-1",
  callbackToken: crypto.getRandomValues(new Uint8Array(132)),
});

console.log(clearCallbackToken(spec)); // => true
console.log(hasCallbackToken(spec)); // => false
console.log(clearCallbackToken(spec)); // => false
