import { fromBinary } from "@bufbuild/protobuf";
import { getCallbackToken, migrateCallbackToken } from "@stigmer/apis";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

// Stored when the token was field 11 of the status (field 5): here one of three bytes, 7 8 9.
const stored = Uint8Array.of((5 << 3) | 2, 5, (11 << 3) | 2, 3, 7, 8, 9);

const execution = fromBinary(WorkflowExecutionSchema, stored);
console.log(getCallbackToken(execution)); // => undefined
console.log(migrateCallbackToken(WorkflowExecutionSchema, execution)); // => moved
console.log(getCallbackToken(execution)?.join(" ")); // => 7 8 9
