/**
 * A copy of a message whose bytes are all of this realm. protobuf-es refuses to write others as
 * JSON, and in a workflow sandbox even the ones that TextEncoder makes come from outside.
 */
export function withOwnBytes<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Object.prototype.toString.call(value) === "[object Buffer]") {
    return new Uint8Array(value as Uint8Array);
  }
  if (Array.isArray(value)) return value.map(copy);
  const target = Object.create(Object.getPrototypeOf(value));
  for (const [key, item] of Object.entries(value)) {
    // Not an assignment: a map may have the key __proto__.
    Object.defineProperty(target, key, {
      value: copy(item),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return target;
}
