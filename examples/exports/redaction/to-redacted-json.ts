import { create } from "@bufbuild/protobuf";
import { toRedactedJson } from "@stigmer/apis/redaction";
import { WorkflowExecutionSpecSchema } from "@stigmer/apis/workflowexecution/v1";

const spec = create(WorkflowExecutionSpecSchema, {
  runtimeEnv: { API_KEY: { value: "sk-live-1", isSecret: true } },
  callbackToken: new Uint8Array(132).fill(7),
});

console.log(JSON.stringify(toRedactedJson(WorkflowExecutionSpecSchema, spec), null, 2));
// => {
// =>   "runtimeEnv": {
// =>     "API_KEY": {
// =>       "isSecret": true,
// =>       "value": "[redacted]"
// =>     }
// =>   },
// =>   "callbackToken": "132 bytes, sha256:cfd06cda"
// => }
