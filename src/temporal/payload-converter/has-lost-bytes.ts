import { type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { fieldValue } from "../../redaction/field-value.js";
import { isBytes } from "../is-bytes.js";

/** Whether bytes of a message are an object instead, as they are after JSON. */
export function hasLostBytes(desc: DescMessage, message: Message): boolean {
  return desc.fields.some((field) => {
    const value = fieldValue(message, field);
    if (value === undefined || value === null) return false;
    if (field.fieldKind === "scalar") {
      return field.scalar === ScalarType.BYTES && typeof value === "object" && !isBytes(value);
    }
    return (
      field.fieldKind === "message" &&
      !field.message.typeName.startsWith("google.protobuf.") &&
      hasLostBytes(field.message, value as Message)
    );
  });
}
