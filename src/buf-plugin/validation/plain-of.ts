import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { Plain } from "./constraint.js";
import { valueNamed } from "./value-named.js";

/** A value of a rule without its type; undefined for one of a type that is not known here. */
export function plainOf(value: unknown, isFloat: boolean): Plain | undefined {
  if (value instanceof Uint8Array) return String.fromCharCode(...value);
  switch (typeof value) {
    case "bigint":
    case "boolean":
    case "string":
      return value;
    case "number":
      return isFloat ? value : BigInt(value);
    default:
      return plainMessage(value as ReflectMessage);
  }
}

function plainMessage(message: ReflectMessage): Plain | undefined {
  switch (message.desc.typeName) {
    case "google.protobuf.Duration":
    case "google.protobuf.Timestamp": {
      const seconds = valueNamed(message, "seconds") as bigint;
      return BigInt(seconds) * 1_000_000_000n + BigInt(valueNamed(message, "nanos") as number);
    }
    case "google.protobuf.FieldMask":
      return [...(valueNamed(message, "paths") as Iterable<string>)].join();
    default:
      return undefined;
  }
}
