import type { DescField, Message } from "@bufbuild/protobuf";

/** The value of a field, also of one in a oneof; undefined when that has another one. */
export function fieldValue(message: Message, { oneof, localName }: DescField): unknown {
  const properties = message as unknown as Record<string, unknown>;
  if (oneof === undefined) return properties[localName];
  const { case: name, value } = properties[oneof.localName] as { case?: string; value?: unknown };
  return name === localName ? value : undefined;
}

export function setFieldValue(
  message: Message,
  { oneof, localName }: DescField,
  value: unknown,
): void {
  const properties = message as unknown as Record<string, unknown>;
  if (oneof === undefined) properties[localName] = value;
  else properties[oneof.localName] = { case: localName, value };
}
