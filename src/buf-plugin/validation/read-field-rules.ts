import type { DescEnum, DescField, DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { textOrBytes } from "../descriptors.js";
import type { Files } from "../rule.js";
import { canonicalText } from "./canonical-text.js";
import type { Constraint, Plain, Rules } from "./constraint.js";
import { expressionsIn } from "./expressions-in.js";
import { readOneofs } from "./read-oneofs.js";
import { readTypeRules } from "./read-type-rules.js";
import { unknownFieldsOf } from "./unknown-fields-of.js";

// Numbers of buf.validate.Ignore. The former 2 skipped the zero value of a field with presence, too.
const ignoreIfDefault = 2;
const ignoreAlways = 3;
// Numbers of google.protobuf.FeatureSet.FieldPresence and FieldDescriptorProto.Type, not imported as
// values, for rules are listed without loading protobuf.
const implicitPresence = 2;
const floatTypes: readonly ScalarType[] = [1, 2];
const boolType: ScalarType = 8;

/** What is said of a value, and what the value is. */
interface Given {
  readonly rules: ReflectMessage | undefined;
  /** Where the rules stand, with a dot behind it. */
  readonly path: string;
  readonly zero: Plain | undefined;
  readonly message: DescMessage | undefined;
  readonly enum: DescEnum | undefined;
  readonly skipsZero: boolean;
  readonly hasPresence: boolean;
}

/**
 * What protovalidate asks of a field's value, as the options of the field and, by `(buf.validate.message).oneof`,
 * those of its message say.
 */
export function readFieldRules(field: DescField, files: Files): Rules {
  const rules = files.option(field, "buf.validate.field");
  const isSingular = field.fieldKind !== "list" && field.fieldKind !== "map";
  const whole = read({
    rules,
    path: "",
    zero: isSingular ? zeroOf(field.scalar, field.enum) : 0,
    message: isSingular ? field.message : undefined,
    enum: isSingular ? field.enum : undefined,
    skipsZero: isInMessageOneof(field, files),
    hasPresence: isSingular && field.presence !== implicitPresence,
  });
  if (isSingular || isIgnored(rules)) return whole;
  const part = (name: "items" | "keys" | "values", zero: Plain | undefined) => {
    const type = field.fieldKind === "list" ? "repeated" : "map";
    const isKey = name === "keys";
    return [
      name,
      read({
        rules: child(child(rules, type), name),
        path: `${type}.${name}.`,
        zero,
        message: isKey ? undefined : field.message,
        enum: isKey ? undefined : field.enum,
        skipsZero: false,
        hasPresence: false,
      }),
    ] as const;
  };
  const parts =
    field.fieldKind === "list"
      ? [part("items", zeroOf(field.scalar, field.enum))]
      : [
          part("keys", zeroOf(field.mapKey, undefined)),
          part("values", zeroOf(field.scalar, field.enum)),
        ];
  return { ...whole, parts: new Map(parts) };
}

function read(given: Given): Rules {
  const { rules, path, zero, message, hasPresence } = given;
  const constraints: Constraint[] = [];
  const unknown = new Map<string, string>();
  const ignore = ignoreIn(rules);
  const unset = hasPresence ? undefined : zero;
  const isSkipped = ignore === undefined ? given.skipsZero : ignore > 0;
  const all = {
    constraints,
    unknown,
    unset,
    zero,
    skipsZero: message === undefined && (hasPresence ? ignore === ignoreIfDefault : isSkipped),
  };
  if (ignore === ignoreAlways) return all;
  if (message !== undefined && !message.typeName.startsWith("google.protobuf.")) {
    constraints.push({ path: `${path}rules of ${message.name}`, name: "nested", value: true });
  }
  if (rules === undefined) return all;
  constraints.push(...expressionsIn(rules, path));
  for (const field of rules.fields) {
    if (!rules.isSet(field) || ["cel", "cel_expression", "ignore"].includes(field.name)) continue;
    if (field.name === "required") {
      // Of an item, a key or a value nothing is required.
      if (path === "" && rules.get(field) === true)
        constraints.push({ path: "required", name: "required", value: unset });
    } else if (field.oneof?.name === "type" && field.fieldKind === "message") {
      const ofType = readTypeRules(rules.get(field), `${path}${field.name}`, given.enum);
      constraints.push(...ofType.constraints);
      for (const [name, text] of ofType.unknown) unknown.set(name, text);
    } else {
      unknown.set(`${path}${field.name}`, canonicalText(rules.get(field)));
    }
  }
  for (const [name, text] of unknownFieldsOf(rules)) unknown.set(`${path}${name}`, text);
  return all;
}

function zeroOf(
  scalar: ScalarType | undefined,
  valueEnum: DescEnum | undefined,
): Plain | undefined {
  if (valueEnum) return BigInt(valueEnum.values[0]?.number ?? 0);
  if (scalar === undefined) return undefined;
  if (textOrBytes.includes(scalar)) return "";
  if (scalar === boolType) return false;
  return floatTypes.includes(scalar) ? 0 : 0n;
}

function child(rules: ReflectMessage | undefined, name: string): ReflectMessage | undefined {
  const field = rules?.fields.find((it) => it.name === name);
  return field?.fieldKind === "message" && rules?.isSet(field) ? rules.get(field) : undefined;
}

/** Undefined where it is not set: a message may then say it for its field. */
function ignoreIn(rules: ReflectMessage | undefined): number | undefined {
  const field = rules?.fields.find(({ name }) => name === "ignore");
  return field && rules?.isSet(field) ? Number(rules.get(field)) : undefined;
}

function isIgnored(rules: ReflectMessage | undefined): boolean {
  return ignoreIn(rules) === ignoreAlways;
}

function isInMessageOneof(field: DescField, files: Files): boolean {
  return readOneofs(field.parent, files).some(({ fields }) => fields.includes(field.name));
}
