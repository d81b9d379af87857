import { create } from "@bufbuild/protobuf";
import {
  contractRegistry,
  ProtobufEsBinaryPayloadConverter,
  ProtobufEsJsonPayloadConverter,
} from "@stigmer/apis/temporal/payload-converter";
import { WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  JsonPayloadConverter,
  UndefinedPayloadConverter,
} from "@temporalio/common";

// The first that takes a value writes it: messages in binary here, which keeps unknown fields.
const converter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  new ProtobufEsBinaryPayloadConverter(contractRegistry),
  new ProtobufEsJsonPayloadConverter(contractRegistry),
  new JsonPayloadConverter(),
);

const { metadata } = converter.toPayload(create(WorkflowExecutionStatusSchema));
console.log(Buffer.from(metadata?.encoding ?? []).toString()); // => binary/protobuf
