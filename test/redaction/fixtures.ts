import { inspect } from "node:util";
import { create, type DescMessage, type Message, toBinary, toJson } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { EmptySchema } from "@bufbuild/protobuf/wkt";

/** What stands in place of a secret. */
export const mark = "[redacted]";

/** Adds a field that the message's type does not know. */
export function withUnknown<M extends Message>(message: M, no: number, content: Uint8Array): M {
  const data = new BinaryWriter().bytes(content).finish();
  message.$unknown ??= [];
  message.$unknown.push({ no, wireType: WireType.LengthDelimited, data });
  return message;
}

/** One length-delimited field. */
export function field(no: number, content: Uint8Array | string): Uint8Array<ArrayBuffer> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return toBinary(EmptySchema, withUnknown(create(EmptySchema), no, bytes));
}

export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(parts));
}

/** All objects in a value, at any depth, and the memory of its bytes if there are any. */
export function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  if (value instanceof Uint8Array) {
    return value.length === 0 ? found : found.add(value).add(value.buffer);
  }
  found.add(value);
  for (const key of Reflect.ownKeys(value)) objectsIn(Reflect.get(value, key), found);
  return found;
}

/** Freezes a value at every depth; bytes cannot be frozen. */
export function deepFreeze<T>(value: T): T {
  for (const object of objectsIn(value)) {
    if (!(object instanceof Uint8Array || object instanceof ArrayBuffer)) Object.freeze(object);
  }
  return value;
}

/** All that can be seen of a value: printed, as JSON, and as the text of an error and its causes. */
export function textOf(value: unknown): string {
  const shown = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    showHidden: true,
    maxArrayLength: null,
    maxStringLength: null,
  });
  // Printed bytes are aligned in columns.
  const parts = [shown, shown.replace(/\s+/g, " ")];
  if (value instanceof Error) {
    parts.push(value.message, String(value.stack), textOf(value.cause ?? ""));
  } else {
    parts.push(JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}` : part)));
  }
  return parts.join("\n");
}

/** All that can be seen of a message: its own text, its bytes and its JSON. */
export function textOfMessage(schema: DescMessage, message: Message): string {
  const bytes = Buffer.from(toBinary(schema, message));
  const parts = [textOf(message), bytes.toString("latin1"), bytes.toString("utf8")];
  parts.push(JSON.stringify(toJson(schema, message)));
  return parts.join("\n");
}

export function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
