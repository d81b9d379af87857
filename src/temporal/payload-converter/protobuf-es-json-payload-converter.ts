import { type DescMessage, fromJsonString, type Message, toJsonString } from "@bufbuild/protobuf";
import { encodingTypes } from "@temporalio/common";
import { ProtobufEsPayloadConverter } from "./protobuf-es-payload-converter.js";
import { withOwnBytes } from "./with-own-bytes.js";

/** Converts a message to and from a payload in proto3's JSON format, `json/protobuf`. */
export class ProtobufEsJsonPayloadConverter extends ProtobufEsPayloadConverter {
  readonly encodingType: string = encodingTypes.METADATA_ENCODING_PROTOBUF_JSON;

  protected encode(schema: DescMessage, message: Message): Uint8Array {
    return new TextEncoder().encode(this.toJson(schema, message));
  }

  protected decode(schema: DescMessage, data: Uint8Array): Message {
    const json = new TextDecoder("utf-8", { fatal: true }).decode(data);
    return fromJsonString(schema, json, { registry: this.registry, ignoreUnknownFields: true });
  }

  private toJson(schema: DescMessage, message: Message): string {
    const options = { registry: this.registry };
    try {
      return toJsonString(schema, message, options);
    } catch {
      // Perhaps because of bytes from another realm. Looking for them every time would be slow.
      return toJsonString(schema, withOwnBytes(message), options);
    }
  }
}
