import { create } from "@bufbuild/protobuf";
import { payloadConverter } from "@stigmer/apis/temporal/payload-converter";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";

// Workers and clients load this module by its path:
// dataConverter: { payloadConverterPath: fileURLToPath(import.meta.resolve("@stigmer/apis/temporal/payload-converter")) }
const payload = payloadConverter.toPayload(
  create(WorkflowExecutionSchema, { spec: { workflowId: "wfl-1" } }),
);
console.log(Buffer.from(payload.metadata?.encoding ?? []).toString()); // => json/protobuf
console.log(Buffer.from(payload.data ?? []).toString()); // => {"spec":{"workflowId":"wfl-1"}}

const { spec } = payloadConverter.fromPayload<WorkflowExecution>(payload);
console.log(spec?.workflowId); // => wfl-1
