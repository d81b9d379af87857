import { createFileRegistry, type DescMessage, fromJson } from "@bufbuild/protobuf";
import {
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_descriptor,
} from "@bufbuild/protobuf/wkt";

// The protocol's messages as their own proto files declare them (buf.build/pluginrpc/pluginrpc and
// buf.build/bufbuild/bufplugin), written down apart from the plugin's.
type Row = readonly [number: number, type: string, isRepeated?: "repeated"];

const declared: Record<string, Record<string, Record<string, Row>>> = {
  "pluginrpc.v1": {
    Procedure: { path: [1, "string"], args: [2, "string", "repeated"] },
    Spec: { procedures: [1, ".pluginrpc.v1.Procedure", "repeated"] },
    Request: { value: [1, ".google.protobuf.Any"] },
    Response: { value: [1, ".google.protobuf.Any"], error: [2, ".pluginrpc.v1.Error"] },
    Error: { code: [1, "int32"], message: [2, "string"] },
  },
  "buf.plugin.descriptor.v1": {
    FileDescriptor: {
      file_descriptor_proto: [1, ".google.protobuf.FileDescriptorProto"],
      is_import: [2, "bool"],
      is_syntax_unspecified: [3, "bool"],
      unused_dependency: [4, "int32", "repeated"],
    },
    FileLocation: { file_name: [1, "string"], source_path: [2, "int32", "repeated"] },
  },
  "buf.plugin.option.v1": {
    Option: { key: [1, "string"], value: [2, ".buf.plugin.option.v1.Value"] },
    Value: {
      bool_value: [1, "bool"],
      int64_value: [2, "int64"],
      double_value: [3, "double"],
      string_value: [4, "string"],
      bytes_value: [5, "bytes"],
      list_value: [6, ".buf.plugin.option.v1.ListValue"],
    },
    ListValue: { values: [1, ".buf.plugin.option.v1.Value", "repeated"] },
  },
  "buf.plugin.check.v1": {
    Rule: {
      id: [1, "string"],
      category_ids: [2, "string", "repeated"],
      default: [3, "bool"],
      purpose: [4, "string"],
      type: [5, "int32"],
      deprecated: [6, "bool"],
      replacement_ids: [7, "string", "repeated"],
    },
    Category: {
      id: [1, "string"],
      purpose: [2, "string"],
      deprecated: [3, "bool"],
      replacement_ids: [4, "string", "repeated"],
    },
    ListRulesRequest: { page_size: [1, "int32"], page_token: [2, "string"] },
    ListRulesResponse: {
      next_page_token: [1, "string"],
      rules: [2, ".buf.plugin.check.v1.Rule", "repeated"],
    },
    ListCategoriesRequest: { page_size: [1, "int32"], page_token: [2, "string"] },
    ListCategoriesResponse: {
      next_page_token: [1, "string"],
      categories: [2, ".buf.plugin.check.v1.Category", "repeated"],
    },
    CheckRequest: {
      file_descriptors: [1, ".buf.plugin.descriptor.v1.FileDescriptor", "repeated"],
      against_file_descriptors: [2, ".buf.plugin.descriptor.v1.FileDescriptor", "repeated"],
      options: [3, ".buf.plugin.option.v1.Option", "repeated"],
      rule_ids: [4, "string", "repeated"],
      // Not of the protocol: what a future version may add.
      from_the_future: [1000, "string", "repeated"],
    },
    Annotation: {
      rule_id: [1, "string"],
      message: [2, "string"],
      file_location: [3, ".buf.plugin.descriptor.v1.FileLocation"],
      against_file_location: [4, ".buf.plugin.descriptor.v1.FileLocation"],
    },
    CheckResponse: { annotations: [1, ".buf.plugin.check.v1.Annotation", "repeated"] },
  },
};

const files = Object.entries(declared).map(([name, messages], index, all) => ({
  name: `${name}.proto`,
  package: name,
  syntax: "proto3",
  dependency: [
    "google/protobuf/any.proto",
    "google/protobuf/descriptor.proto",
    ...all.slice(0, index).map(([earlier]) => `${earlier}.proto`),
  ],
  messageType: Object.entries(messages).map(([message, fields]) => ({
    name: message,
    field: Object.entries(fields).map(([field, [number, type, isRepeated]]) => ({
      name: field,
      jsonName: field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      number,
      label: isRepeated === "repeated" ? "LABEL_REPEATED" : "LABEL_OPTIONAL",
      ...(type.startsWith(".")
        ? { type: "TYPE_MESSAGE", typeName: type }
        : { type: `TYPE_${type.toUpperCase()}` }),
    })),
  })),
}));

const set = fromJson(FileDescriptorSetSchema, { file: files });
set.file.unshift(file_google_protobuf_any.proto, file_google_protobuf_descriptor.proto);

export const registry = createFileRegistry(set);

export function descOf(typeName: string): DescMessage {
  const desc = registry.getMessage(typeName);
  if (desc === undefined) throw new Error(`no descriptor of ${typeName}`);
  return desc;
}

export const service = "/buf.plugin.check.v1.CheckService";
