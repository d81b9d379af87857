import { create, createFileRegistry, type FileRegistry } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_descriptor,
} from "@bufbuild/protobuf/wkt";
import { type Field, messages } from "./protocol.js";

const scalars: Readonly<Record<string, FieldDescriptorProto_Type>> = {
  bool: FieldDescriptorProto_Type.BOOL,
  bytes: FieldDescriptorProto_Type.BYTES,
  int32: FieldDescriptorProto_Type.INT32,
  string: FieldDescriptorProto_Type.STRING,
};

/** The descriptors of the protocol's messages. */
export function createProtocolRegistry(): FileRegistry {
  const files = [file_google_protobuf_any.proto, file_google_protobuf_descriptor.proto];
  for (const [typeName, fields] of Object.entries(messages)) {
    if (typeName.startsWith("google.protobuf.")) continue;
    const dot = typeName.lastIndexOf(".");
    files.push(
      create(FileDescriptorProtoSchema, {
        name: `${typeName}.proto`,
        package: typeName.slice(0, dot),
        syntax: "proto3",
        dependency: files.map(({ name }) => name),
        messageType: [
          {
            name: typeName.slice(dot + 1),
            field: Object.entries(fields).map(([name, field]) => describe(name, field)),
          },
        ],
      }),
    );
  }
  return createFileRegistry(create(FileDescriptorSetSchema, { file: files }));
}

function describe(name: string, [number, type]: Field) {
  const item = type.replace("repeated ", "");
  const label =
    item === type ? FieldDescriptorProto_Label.OPTIONAL : FieldDescriptorProto_Label.REPEATED;
  const jsonName = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const field = { name, number, label, jsonName };
  const scalar = scalars[item];
  return scalar === undefined
    ? { ...field, type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${item}` }
    : { ...field, type: scalar };
}
