// An app that only reads tokens.
import { fromBinary } from "@bufbuild/protobuf";
import { describeCallbackToken, getCallbackToken } from "@stigmer/apis";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";

const encoded = Uint8Array.of(0x22, 5, 0x3a, 3, 1, 2, 3);
const token = getCallbackToken(fromBinary(WorkflowExecutionSchema, encoded));
if (token) console.log(describeCallbackToken(token));
