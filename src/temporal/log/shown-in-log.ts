import { withoutBytes } from "./without-bytes.js";

// What the SDK adds to its lines: a token, or a whole task as JSON and as Base64.
const tokenKey = /^(?:base64_?)?task_?(?:token|encoded)?$/i;

const mostDepth = 12;
const leastBytes = 12;

/** The same value for a log: a copy without tokens and bytes that anything can print. Never throws. */
export function shownInLog(value: unknown): unknown {
  return shown(value, { copies: new Map(), depth: 0 });
}

interface Walk {
  /** Each object once, however often it stands there. */
  readonly copies: Map<object, unknown>;
  readonly depth: number;
}

function shown(value: unknown, walk: Walk): unknown {
  if (typeof value === "string") return withoutBytes(value);
  if (typeof value === "symbol") return withoutBytes(String(value));
  if (typeof value === "function") return "[function]";
  if (typeof value !== "object" || value === null) return value;
  if (walk.copies.has(value)) return walk.copies.get(value);
  if (walk.depth > mostDepth) return "[deeper]";
  walk.copies.set(value, "[circular]");
  const copy = readable(() => copyOf(value, { ...walk, depth: walk.depth + 1 }));
  walk.copies.set(value, copy);
  return copy;
}

function copyOf(value: object, walk: Walk): unknown {
  if (ArrayBuffer.isView(value) || isOf(value, "ArrayBuffer", "SharedArrayBuffer")) {
    return `[${(value as ArrayBuffer).byteLength} bytes]`;
  }
  if (Array.isArray(value)) {
    return isBytes(value) ? `[${value.length} bytes]` : value.map((item) => shown(item, walk));
  }
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]) => [shown(key, walk), shown(item, walk)]));
  }
  if (value instanceof Set) return new Set(Array.from(value, (item) => shown(item, walk)));
  if (value instanceof Date) return new Date(value);
  // Whose properties are not what they say, but its characters, or none.
  if (isOf(value, "String", "RegExp", "URL", "URLSearchParams")) return withoutBytes(`${value}`);
  return value instanceof Error || isOf(value, "Error")
    ? errorOf(value as Error, walk)
    : plain(value, walk);
}

/** Printed as the error, but of none of its classes, whose methods could say more. */
function errorOf(error: Error, walk: Walk): Error {
  const copy = new Error();
  copy.name = String(readable(() => shown(error.name, walk)));
  copy.message = String(readable(() => shown(error.message, walk)));
  copy.stack = String(readable(() => shown(error.stack, walk)));
  return withProperties(
    copy,
    error,
    Reflect.ownKeys(error).filter((key) => !["name", "message", "stack"].includes(String(key))),
    walk,
  );
}

function plain(value: object, walk: Walk): unknown {
  const keys = Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
  const copy = withProperties({}, value, keys, walk);
  const items = Object.entries(copy);
  const isIndexed = items.every(([key]) => /^\d+$/.test(key));
  return isIndexed && isBytes(Object.values(copy)) ? `[${items.length} bytes]` : copy;
}

function withProperties<T extends object>(
  copy: T,
  from: object,
  keys: readonly (string | symbol)[],
  walk: Walk,
): T {
  for (const key of keys) {
    if (typeof key === "string" && tokenKey.test(key)) continue;
    Object.defineProperty(copy, typeof key === "string" ? withoutBytes(key) : key, {
      value: readable(() => shown(Reflect.get(from, key), walk)),
      enumerable: Object.prototype.propertyIsEnumerable.call(from, key),
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

function isBytes(items: readonly unknown[]): boolean {
  return (
    items.length >= leastBytes &&
    items.every((item) => Number.isInteger(item) && Number(item) >= 0 && Number(item) < 256)
  );
}

function isOf(value: object, ...tags: string[]): boolean {
  return tags.includes(Object.prototype.toString.call(value).slice("[object ".length, -1));
}

function readable<T>(read: () => T): T | string {
  try {
    return read();
  } catch {
    return "[unreadable]";
  }
}
