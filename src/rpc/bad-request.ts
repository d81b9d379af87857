import { create, createFileRegistry, type Message } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/** What is wrong with the fields of a request. */
export type BadRequest = Message<"google.rpc.BadRequest"> & {
  fieldViolations: (Message<"google.rpc.BadRequest.FieldViolation"> & {
    /** The path of the field, as in `spec.workflow_id`. */
    field: string;
    description: string;
    /** The rule that is violated. */
    reason: string;
  })[];
};

/**
 * Describes `google.rpc.BadRequest` (google/rpc/error_details.proto), the standard detail of an error
 * INVALID_ARGUMENT: `error.findDetails(BadRequestSchema)` reads it from a `ConnectError`. Described
 * here, because no npm package ships it for protobuf-es.
 */
export const BadRequestSchema: GenMessage<BadRequest> = /*@__PURE__*/ describeBadRequest();

function describeBadRequest(): GenMessage<BadRequest> {
  const { OPTIONAL, REPEATED } = FieldDescriptorProto_Label;
  const { STRING, MESSAGE } = FieldDescriptorProto_Type;
  const file = create(FileDescriptorProtoSchema, {
    name: "google/rpc/error_details.proto",
    package: "google.rpc",
    syntax: "proto3",
    messageType: [
      {
        name: "BadRequest",
        field: [
          {
            name: "field_violations",
            jsonName: "fieldViolations",
            number: 1,
            label: REPEATED,
            type: MESSAGE,
            typeName: ".google.rpc.BadRequest.FieldViolation",
          },
        ],
        nestedType: [
          {
            name: "FieldViolation",
            field: ["field", "description", "reason"].map((name, index) => ({
              name,
              jsonName: name,
              number: index + 1,
              label: OPTIONAL,
              type: STRING,
            })),
          },
        ],
      },
    ],
  });
  const schema = createFileRegistry(file, () => undefined).getMessage("google.rpc.BadRequest");
  return schema as GenMessage<BadRequest>;
}
