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
  for (const [name, messages] of packages()) {
    files.push(
      create(FileDescriptorProtoSchema, {
        name: `${name}.proto`,
        package: name,
        syntax: "proto3",
        dependency: files.map(({ name }) => name),
        messageType: messages,
      }),
    );
  }
  return createFileRegistry(create(FileDescriptorSetSchema, { file: files }));
}

/** The declared messages by their packages, but for those of google.protobuf. */
function packages() {
  const packages = new Map<string, ReturnType<typeof describeMessage>[]>();
  for (const [typeName, fields] of Object.entries(messages)) {
    const dot = typeName.lastIndexOf(".");
    const name = typeName.slice(0, dot);
    if (name === "google.protobuf") continue;
    const message = describeMessage(typeName.slice(dot + 1), fields);
    packages.set(name, [...(packages.get(name) ?? []), message]);
  }
  return packages;
}

function describeMessage(name: string, fields: Readonly<Record<string, Field>>) {
  return {
    name,
    field: Object.entries(fields).map(([name, field]) => describe(name, field)),
  };
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
