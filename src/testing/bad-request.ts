import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/**
 * google.rpc.BadRequest, the standard error detail for violations (google/rpc/error_details.proto).
 * Described here, for no npm package ships it.
 */
export function badRequestSchema(): DescMessage {
  const { OPTIONAL, REPEATED } = FieldDescriptorProto_Label;
  const { STRING, MESSAGE } = FieldDescriptorProto_Type;
  const typeName = ".google.rpc.BadRequest.FieldViolation";
  const file = create(FileDescriptorProtoSchema, {
    name: "google/rpc/error_details.proto",
    package: "google.rpc",
    syntax: "proto3",
    messageType: [
      {
        name: "BadRequest",
        field: [{ name: "field_violations", number: 1, label: REPEATED, type: MESSAGE, typeName }],
        nestedType: [
          {
            name: "FieldViolation",
            field: [
              { name: "field", number: 1, label: OPTIONAL, type: STRING },
              { name: "description", number: 2, label: OPTIONAL, type: STRING },
              { name: "reason", number: 3, label: OPTIONAL, type: STRING },
            ],
          },
        ],
      },
    ],
  });
  const schema = createFileRegistry(file, () => undefined).getMessage("google.rpc.BadRequest");
  if (schema === undefined) throw new Error("google.rpc.BadRequest is not described");
  return schema;
}
