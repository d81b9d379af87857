import type { ReflectMessage } from "@bufbuild/protobuf/reflect";

/** The value of a field, set or not; undefined where the declaration of the message has no such field. */
export function valueNamed(message: ReflectMessage, name: string): unknown {
  const field = message.fields.find((it) => it.name === name);
  return field && message.get(field);
}
