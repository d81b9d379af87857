import { create } from "@bufbuild/protobuf";
import { describeCallbackToken, getCallbackToken } from "@stigmer/apis";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

const execution = create(WorkflowExecutionSchema, {
  spec: { workflowId: "wfl-1", callbackToken: new Uint8Array(132).fill(7) },
});

const token = getCallbackToken(execution);
console.log(token && describeCallbackToken(token)); // => 132 bytes, sha256:cfd06cda

// Nobody waits for this one.
console.log(getCallbackToken(create(WorkflowExecutionSchema))); // => undefined
