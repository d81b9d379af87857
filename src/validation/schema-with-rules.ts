import {
  createFileRegistry,
  type DescFile,
  type DescMessage,
  fromBinary,
} from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import {
  FileDescriptorSetSchema,
  file_google_protobuf_empty,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
} from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { descriptorSet } from "./descriptor-set.js";

let messages: ReadonlyMap<string, DescMessage> | undefined;

/**
 * The schema of a message of the contract with its rules, which those in the stubs have not. It takes the
 * messages of these, for they have the same fields. Throws a `TypeError` for any other message.
 */
export function schemaWithRules(typeName: string): DescMessage {
  messages ??= new Map(readFiles().map((message) => [message.typeName, message]));
  const message = messages.get(typeName);
  if (message !== undefined) return message;
  throw new TypeError(`expected a message of the contract, got ${typeName}`);
}

function readFiles(): DescMessage[] {
  const files = new Map<string, DescFile>(
    [
      file_google_protobuf_empty,
      file_google_protobuf_struct,
      file_google_protobuf_timestamp,
      file_buf_validate_validate,
    ].map((file) => [file.proto.name, file]),
  );
  const { file: protos } = fromBinary(FileDescriptorSetSchema, base64Decode(descriptorSet));
  return protos.flatMap((proto) => {
    const registry = createFileRegistry(proto, (name) => files.get(name));
    const file = registry.getFile(proto.name) as DescFile;
    files.set(proto.name, file);
    return file.messages;
  });
}
