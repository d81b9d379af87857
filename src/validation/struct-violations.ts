import type { DescMessage, Message } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { nonFinitePath } from "./non-finite-path.js";
import { maxStructDepth, tooDeepPath } from "./too-deep-path.js";
import type { Violation } from "./violation.js";

/**
 * What the Structs in a message have that decoders refuse, or that JSON has no form for. No rule of
 * protovalidate can say it, for CEL looks into a Struct to a depth that the rule names.
 */
export function structViolations(schema: DescMessage, message: Message): Violation[] {
  const violations: Violation[] = [];
  visit(reflect(schema, message), "", violations);
  return violations;
}

function visit(message: ReflectMessage, path: string, violations: Violation[]): void {
  for (const field of message.fields) {
    if (field.message === undefined || !hasStructs(field.message) || !message.isSet(field))
      continue;
    const at = path + field.name;
    switch (field.fieldKind) {
      case "message":
        if (isStruct(field.message)) {
          const struct = (message.message as unknown as Record<string, unknown>)[field.localName];
          violations.push(...violationsOf(struct, at));
        } else {
          visit(message.get(field), `${at}.`, violations);
        }
        break;
      case "list": {
        let index = 0;
        for (const item of message.get(field)) {
          visit(item as ReflectMessage, `${at}[${index++}].`, violations);
        }
        break;
      }
      case "map":
        for (const [key, value] of message.get(field)) {
          visit(value as ReflectMessage, `${at}[${JSON.stringify(key)}].`, violations);
        }
    }
  }
}

function violationsOf(struct: unknown, path: string): Violation[] {
  const violations: Violation[] = [];
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
  return violations;
}

/** Whether a message is a Struct or has one at any depth, so that a map of others need not be walked. */
function hasStructs(desc: DescMessage): boolean {
  return (
    isStruct(desc) ||
    desc.fields.some(({ message }) => message !== undefined && hasStructs(message))
  );
}

function isStruct(desc: DescMessage): boolean {
  return desc.typeName === "google.protobuf.Struct";
}
