import { create } from "@bufbuild/protobuf";
import { redact } from "@stigmer/apis/redaction";
import { WorkflowExecutionSpecSchema } from "@stigmer/apis/workflowexecution/v1";

const spec = create(WorkflowExecutionSpecSchema, {
  workflowId: "wfl-1",
  runtimeEnv: {
    API_KEY: { value: "sk-live-1", isSecret: true },
    REGION: { value: "eu-1", isSecret: false },
  },
  callbackToken: crypto.getRandomValues(new Uint8Array(132)),
});

const safe = redact(WorkflowExecutionSpecSchema, spec);
console.log(safe.callbackToken.length); // => 0
console.log(JSON.stringify(safe.runtimeEnv.API_KEY?.value)); // => ""
console.log(safe.runtimeEnv.REGION?.value); // => eu-1
