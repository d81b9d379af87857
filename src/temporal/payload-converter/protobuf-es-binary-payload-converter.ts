import { type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { encodingTypes } from "@temporalio/common";
import { ProtobufEsPayloadConverter } from "./protobuf-es-payload-converter.js";

/** Converts a message to and from a payload in the Protobuf wire format, `binary/protobuf`. */
export class ProtobufEsBinaryPayloadConverter extends ProtobufEsPayloadConverter {
  readonly encodingType: string = encodingTypes.METADATA_ENCODING_PROTOBUF;

  protected encode(schema: DescMessage, message: Message): Uint8Array {
    return toBinary(schema, message);
  }

  protected decode(schema: DescMessage, data: Uint8Array): Message {
    return fromBinary(schema, data);
  }
}
