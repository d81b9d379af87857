import {
  type DescField,
  type DescMessage,
  isFieldSet,
  type Message,
  type MessageShape,
} from "@bufbuild/protobuf";
import { hasEmptyValue, isRequired } from "./empty-value.js";
import { fieldValue, setFieldValue } from "./field-value.js";
import { areSecret, type NestedField, secretFields } from "./secret-fields.js";

/**
 * Puts back what `redact` takes out: each secret field of `message` that is empty gets the value that
 * it has in `source`, at any depth where both have the same messages, map keys and list indexes. What
 * `message` marks as not secret stays empty. Changes `message` in place. Returns whether it changed.
 */
export function restoreSecrets<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  source: MessageShape<Desc>,
): boolean {
  return restore(schema, message, source);
}

function restore(desc: DescMessage, message: Message, source: Message): boolean {
  const fields = secretFields(desc);
  let restored = false;
  for (const field of areSecret(message, fields) ? fields.secrets : []) {
    if (!isEmpty(message, field) || isEmpty(source, field)) continue;
    setFieldValue(message, field, fieldValue(source, field));
    restored = true;
  }
  for (const field of fields.leading) {
    const [value, from] = [fieldValue(message, field), fieldValue(source, field)];
    if (value !== undefined && from !== undefined && restoreIn(field, value, from)) restored = true;
  }
  return restored;
}

function isEmpty(message: Message, field: DescField): boolean {
  if (!isFieldSet(message, field)) return true;
  return isRequired(field) && hasEmptyValue(message, field);
}

function restoreIn({ fieldKind, message: desc }: NestedField, value: unknown, from: unknown) {
  if (fieldKind !== "list" && fieldKind !== "map") {
    return restore(desc, value as Message, from as Message);
  }
  const [items, sources] = [value, from] as Record<string, Message>[] as [
    Record<string, Message>,
    Record<string, Message>,
  ];
  let restored = false;
  for (const [key, item] of Object.entries(items)) {
    const source = Object.hasOwn(sources, key) ? sources[key] : undefined;
    if (source !== undefined && restore(desc, item, source)) restored = true;
  }
  return restored;
}
