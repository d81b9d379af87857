import type { DescExtension, DescField, DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { Files } from "./rule.js";

/** Every message of the files, those declared in other messages included. */
export function* messagesOf({ checked }: Files): Iterable<DescMessage> {
  for (const file of checked) yield* withNested(file.messages);
}

/** Every message that is known: of the files, and of those that they import. */
export function* knownMessagesOf({ known }: Files): Iterable<DescMessage> {
  for (const file of known) yield* withNested(file.messages);
}

function* withNested(messages: readonly DescMessage[]): Iterable<DescMessage> {
  for (const message of messages) {
    yield message;
    yield* withNested(message.nestedMessages);
  }
}

/** Every field of every message of the files. */
export function* fieldsOf(files: Files): Iterable<DescField> {
  for (const message of messagesOf(files)) yield* message.fields;
}

/** Every extension of the files. */
export function* extensionsOf(files: Files): Iterable<DescExtension> {
  for (const file of files.checked) yield* file.extensions;
  for (const message of messagesOf(files)) yield* message.nestedExtensions;
}

export function fieldNamed(message: DescMessage, name: string): DescField | undefined {
  return message.fields.find((field) => field.name === name);
}

/** The names by which a message is known to be a resource. Their order is their numbers' order. */
export const resourceFields = ["api_version", "kind", "metadata", "spec", "status"] as const;

/** A resource is a message with an API version, a kind, metadata, a spec and a status. */
export function isResource(message: DescMessage): boolean {
  return resourceFields.every((name) => fieldNamed(message, name) !== undefined);
}

export function isRedacted(field: DescField): boolean {
  return field.proto.options?.debugRedact === true;
}

export function isCallbackToken(field: DescField): boolean {
  return field.name === "callback_token";
}

// Not imported as values, for rules are listed without loading protobuf.
const bytes: ScalarType.BYTES = 12;
export const textOrBytes: readonly ScalarType[] = [9, bytes];

export function isSingularBytes(field: DescField): boolean {
  return field.fieldKind === "scalar" && field.scalar === bytes;
}

/** `ai.stigmer.v1.FooSpec.callback_token (field 7)` */
export function describeField(field: DescField): string {
  return `${field.parent.typeName}.${field.name} (field ${field.number})`;
}

export function packageOf(field: DescField): string {
  return field.parent.file.proto.package;
}

/** The fields that are new to their messages, or whose messages are new, by their names. */
export function addedFields(files: Files, against: Files): Map<string, DescField[]> {
  const added = new Map<string, DescField[]>();
  for (const message of messagesOf(files)) {
    const before = new Set(against.message(message.typeName)?.fields.map(({ name }) => name));
    for (const field of message.fields) {
      if (before.has(field.name)) continue;
      const sameName = added.get(field.name);
      if (sameName === undefined) added.set(field.name, [field]);
      else sameName.push(field);
    }
  }
  return added;
}
