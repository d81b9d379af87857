import { isBytes } from "../is-bytes.js";

/**
 * A copy of a message whose bytes are all of this realm. protobuf-es refuses to write others as
 * JSON, and in a workflow sandbox even the ones that TextEncoder makes come from outside.
 */
export function withOwnBytes<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isBytes(value)) return new Uint8Array(value as Uint8Array);
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}
