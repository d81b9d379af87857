import { create } from "@bufbuild/protobuf";
import { AgentExecutionStatusSchema, ExecutionPhase } from "@stigmer/apis/agentexecution/v1";
import {
  contractRegistry,
  DefaultPayloadConverterWithProtobufsEs,
} from "@stigmer/apis/temporal/payload-converter";

const converter = new DefaultPayloadConverterWithProtobufsEs({ registry: contractRegistry });

const status = create(AgentExecutionStatusSchema, { phase: ExecutionPhase.EXECUTION_COMPLETED });
const values = [status, { plain: "object" }, Uint8Array.of(1, 2, 3), undefined];
for (const value of values) {
  const { metadata } = converter.toPayload(value);
  console.log(Buffer.from(metadata?.encoding ?? []).toString());
  // => json/protobuf
  // => json/plain
  // => binary/plain
  // => binary/null
}
