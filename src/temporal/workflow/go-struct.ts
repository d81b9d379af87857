import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

interface Types {
  string: string;
  object: JsonObject;
}

/** Reads a struct that Go's encoding/json has written. Null is as absent, as it is in Go. */
export interface GoStruct<Key> {
  /** Throws a `TypeError` for a value of another type. */
  read<T extends keyof Types>(key: Key, type: T): Types[T] | undefined;
  value(key: Key): JsonValue | undefined;
}

/** Throws a `TypeError` for what is no object. */
export function goStruct<S extends object>(name: string, struct: S): GoStruct<keyof S & string> {
  if (typeOf(struct) !== "object") {
    throw new TypeError(`${name}: expected an object, got ${typeOf(struct)}`);
  }
  const value = (key: keyof S) => (struct[key] ?? undefined) as JsonValue | undefined;
  return {
    value,
    read<T extends keyof Types>(key: keyof S & string, type: T) {
      const found = value(key);
      if (found === undefined) return undefined;
      if (typeOf(found) !== type) {
        throw new TypeError(`${key}: expected ${type} or null, got ${typeOf(found)}`);
      }
      return found as unknown as Types[T];
    },
  };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
