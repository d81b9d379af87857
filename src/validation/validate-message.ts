import {
  type DescField,
  type DescMessage,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { invariants } from "./invariants.js";
import { isUtcTimestamp } from "./is-utc-timestamp.js";
import { nonFinitePath } from "./non-finite-path.js";
import { shown } from "./shown.js";
import { maxStructDepth, tooDeepPath } from "./too-deep-path.js";
import type { Violation } from "./violation.js";

/** All invariants of the contract that a message and the messages in it break. */
export function validateMessage<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
): Violation[] {
  const violations: Violation[] = [];
  validate(reflect(schema, message), "", violations);
  return violations;
}

function validate(message: ReflectMessage, path: string, violations: Violation[]): void {
  for (const { field, rule, check } of invariants[message.desc.typeName] ?? []) {
    const value = valueAt(message, field);
    const problem = value.reached ? check(value.value as never) : undefined;
    if (problem !== undefined)
      violations.push({ field: join(path, field), rule, message: problem });
  }
  for (const field of message.fields) {
    if (message.isSet(field)) validateField(message, field, join(path, field.name), violations);
  }
}

function validateField(
  message: ReflectMessage,
  field: DescField,
  path: string,
  violations: Violation[],
): void {
  if (field.message?.typeName === "google.protobuf.Struct" && field.fieldKind === "message") {
    const struct = (message.message as unknown as Record<string, unknown>)[field.localName];
    validateStruct(struct, path, violations);
    return;
  }
  // Other well-known types have no invariants of ours.
  if (field.message?.typeName.startsWith("google.protobuf.")) return;
  switch (field.fieldKind) {
    case "message":
      validate(message.get(field), path, violations);
      break;
    case "list":
      if (field.listKind === "message") {
        let index = 0;
        for (const item of message.get(field)) {
          validate(item as ReflectMessage, `${path}[${index++}]`, violations);
        }
      }
      break;
    case "map":
      if (field.mapKind === "message") {
        for (const [key, value] of message.get(field)) {
          validate(value as ReflectMessage, `${path}[${JSON.stringify(key)}]`, violations);
        }
      }
      break;
    case "enum": {
      const number = message.get(field);
      if (field.enum.value[number] === undefined) {
        violations.push({
          field: path,
          rule: "enum.defined_only",
          message: `must be a defined value of ${field.enum.name}, got ${number}`,
        });
      }
      break;
    }
    case "scalar": {
      if (field.scalar !== ScalarType.STRING || !/(^timestamp|_at)$/.test(field.name)) break;
      const text = message.get(field) as string;
      if (!isUtcTimestamp(text)) {
        violations.push({
          field: path,
          rule: "string.rfc3339_utc",
          message: `must be an RFC 3339 timestamp in UTC such as 2026-01-31T12:00:00Z, got ${shown(text)}`,
        });
      }
    }
  }
}

function validateStruct(struct: unknown, path: string, violations: Violation[]): void {
  const tooDeep = tooDeepPath(struct);
  const nonFinite = nonFinitePath(struct);
  if (tooDeep !== undefined) {
    violations.push({
      field: `${path}${tooDeep}`,
      rule: "struct.max_depth",
      message: `must be at most ${maxStructDepth} levels deep, because decoders refuse more`,
    });
  }
  if (nonFinite !== undefined) {
    violations.push({
      field: `${path}${nonFinite}`,
      rule: "number.finite",
      message: "must be a finite number, because JSON has no other",
    });
  }
}

// A message that is missing on the way is the concern of its own `required` rule.
function valueAt(message: ReflectMessage, path: string): { reached: boolean; value?: unknown } {
  let value: unknown = message.message;
  let fields: readonly DescField[] = message.fields;
  for (const name of path === "" ? [] : path.split(".")) {
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`${message.desc.typeName} has no field ${path}`);
    if (value === undefined) return { reached: false };
    value = (value as Record<string, unknown>)[field.localName];
    fields = field.message?.fields ?? [];
  }
  return { reached: true, value };
}

function join(path: string, name: string): string {
  return [path, name].filter((part) => part !== "").join(".");
}
