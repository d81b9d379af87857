import { create } from "@bufbuild/protobuf";
import { ProtobufEsJsonPayloadConverter } from "@stigmer/apis/temporal/payload-converter";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";

const converter = new ProtobufEsJsonPayloadConverter([WorkflowExecutionStatusSchema]);

const status = create(WorkflowExecutionStatusSchema, { phase: ExecutionPhase.EXECUTION_COMPLETED });
const payload = converter.toPayload(status);
console.log(Buffer.from(payload?.data ?? []).toString()); // => {"phase":"EXECUTION_COMPLETED"}

// No message: left to the next converter.
console.log(converter.toPayload({ phase: 3 })); // => undefined
