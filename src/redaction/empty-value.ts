import { create, type DescField, type DescMessage, equals, type Message } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { fieldValue, setFieldValue } from "./field-value.js";

/** Whether a message without the field cannot be encoded. */
export function isRequired({ presence }: DescField): boolean {
  return presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
}

/** What a required field has when nothing is to be seen of it: its default, or a message of such. */
export function emptyValue(field: DescField): unknown {
  return emptyIn(field, new Set());
}

/** Whether the field holds nothing but that. */
export function hasEmptyValue(message: Message, field: DescField): boolean {
  const [given, empty] = [create(field.parent), create(field.parent)];
  setFieldValue(given, field, fieldValue(message, field));
  setFieldValue(empty, field, emptyValue(field));
  return equals(field.parent, given, empty);
}

function emptyIn(field: DescField, around: ReadonlySet<DescMessage>): unknown {
  const { message: desc, parent } = field;
  if (desc === undefined) return fieldValue(create(parent), field);
  const empty = create(desc);
  // A type that requires itself has no message that could be encoded.
  if (around.has(desc)) return empty;
  for (const inner of desc.fields.filter(isRequired)) {
    setFieldValue(empty, inner, emptyIn(inner, new Set([...around, desc])));
  }
  return empty;
}
