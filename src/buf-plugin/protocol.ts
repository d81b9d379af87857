// The messages of the plugin protocol that this plugin needs, with the protocol's names and numbers:
// pluginrpc.v1, and buf.plugin's check.v1, descriptor.v1 and option.v1. Declared once, as data, so that the
// answers that buf asks for at every start are written without loading protobuf.

/** A field: its number, and its type as in a proto file. An enum is an int32 here: both read alike. */
export type Field = readonly [number: number, type: string];

/**
 * The fields of each message by their proto names; a message stands behind those it refers to, unless
 * they are of its package.
 */
export const messages: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  "google.protobuf.Any": { type_url: [1, "string"], value: [2, "bytes"] },
  "pluginrpc.v1.Procedure": { path: [1, "string"] },
  "pluginrpc.v1.Spec": { procedures: [1, "repeated pluginrpc.v1.Procedure"] },
  "pluginrpc.v1.Request": { value: [1, "google.protobuf.Any"] },
  "pluginrpc.v1.Response": { value: [1, "google.protobuf.Any"] },
  "buf.plugin.descriptor.v1.FileDescriptor": {
    file_descriptor_proto: [1, "google.protobuf.FileDescriptorProto"],
    is_import: [2, "bool"],
  },
  "buf.plugin.descriptor.v1.FileLocation": {
    file_name: [1, "string"],
    source_path: [2, "repeated int32"],
  },
  "buf.plugin.option.v1.ListValue": { values: [1, "repeated buf.plugin.option.v1.Value"] },
  "buf.plugin.option.v1.Value": {
    string_value: [4, "string"],
    list_value: [6, "buf.plugin.option.v1.ListValue"],
  },
  "buf.plugin.option.v1.Option": {
    key: [1, "string"],
    value: [2, "buf.plugin.option.v1.Value"],
  },
  "buf.plugin.check.v1.Rule": {
    id: [1, "string"],
    category_ids: [2, "repeated string"],
    default: [3, "bool"],
    purpose: [4, "string"],
    type: [5, "int32"],
  },
  "buf.plugin.check.v1.ListRulesResponse": { rules: [2, "repeated buf.plugin.check.v1.Rule"] },
  "buf.plugin.check.v1.Category": { id: [1, "string"], purpose: [2, "string"] },
  "buf.plugin.check.v1.ListCategoriesResponse": {
    categories: [2, "repeated buf.plugin.check.v1.Category"],
  },
  "buf.plugin.check.v1.CheckRequest": {
    file_descriptors: [1, "repeated buf.plugin.descriptor.v1.FileDescriptor"],
    against_file_descriptors: [2, "repeated buf.plugin.descriptor.v1.FileDescriptor"],
    options: [3, "repeated buf.plugin.option.v1.Option"],
    rule_ids: [4, "repeated string"],
  },
  "buf.plugin.check.v1.Annotation": {
    rule_id: [1, "string"],
    message: [2, "string"],
    file_location: [3, "buf.plugin.descriptor.v1.FileLocation"],
    against_file_location: [4, "buf.plugin.descriptor.v1.FileLocation"],
  },
  "buf.plugin.check.v1.CheckResponse": {
    annotations: [1, "repeated buf.plugin.check.v1.Annotation"],
  },
};
