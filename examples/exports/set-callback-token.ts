import { create } from "@bufbuild/protobuf";
import { callbackToken, hasCallbackToken, setCallbackToken } from "@stigmer/apis";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

const execution = create(WorkflowExecutionSchema, { spec: { workflowId: "wfl-1" } });

setCallbackToken(execution, callbackToken(crypto.getRandomValues(new Uint8Array(132))));
console.log(hasCallbackToken(execution)); // => true
console.log(execution.spec?.callbackToken.length); // => 132
