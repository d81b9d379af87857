import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { unknownFieldsOf } from "./unknown-fields-of.js";

/** A text of a value of an option, the same for equal values only. */
export function canonicalText(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${value.join()}`;
  if (typeof value !== "object" || value === null) return `${typeof value} ${value}`;
  if (Symbol.iterator in value) {
    return JSON.stringify([...(value as Iterable<unknown>)].map(canonicalText));
  }
  const message = value as ReflectMessage;
  const fields = message.fields
    .filter((field) => message.isSet(field))
    .map((field) => [field.name, canonicalText(message.get(field))]);
  return JSON.stringify([...fields, ...unknownFieldsOf(message)]);
}
