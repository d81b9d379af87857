import { type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { fieldValue } from "../../redaction/field-value.js";
import { isBytes } from "../is-bytes.js";

/** Whether bytes of a message are an object instead, as they are after JSON. */
export function hasLostBytes(desc: DescMessage, message: Message): boolean {
  return desc.fields.some((field) =>
    valuesOf(field, fieldValue(message, field)).some((value) => {
      if (typeof value !== "object" || value === null) return false;
      if (field.scalar === ScalarType.BYTES) return !isBytes(value);
      return (
        field.message !== undefined &&
        !field.message.typeName.startsWith("google.protobuf.") &&
        hasLostBytes(field.message, value as Message)
      );
    }),
  );
}

function valuesOf({ fieldKind }: DescField, value: unknown): readonly unknown[] {
  return fieldKind === "list" || fieldKind === "map" ? Object.values(value ?? {}) : [value];
}
