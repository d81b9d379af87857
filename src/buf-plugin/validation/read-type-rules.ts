import type { DescEnum } from "@bufbuild/protobuf";
import type { ReflectList, ReflectMessage } from "@bufbuild/protobuf/reflect";
import { canonicalText } from "./canonical-text.js";
import type { Constraint, Plain, Rules } from "./constraint.js";
import { plainOf } from "./plain-of.js";
import { rangeOf } from "./range-of.js";
import { unknownFieldsOf } from "./unknown-fields-of.js";

// What says nothing by itself, or is read elsewhere.
const passedOver = ["example", "items", "keys", "strict", "values"];

/** What the rules for values of one type, such as a buf.validate.StringRules, ask. */
export function readTypeRules(
  rules: ReflectMessage,
  path: string,
  valueEnum: DescEnum | undefined,
): Rules {
  const constraints: Constraint[] = [];
  const unknown = new Map<string, string>();
  const bounds = new Map<string, bigint | number>();
  const type = path.slice(path.lastIndexOf(".") + 1);
  const isFloat = type === "float" || type === "double";
  for (const field of rules.fields) {
    const { name } = field;
    if (!rules.isSet(field) || passedOver.includes(name)) continue;
    const given = rules.get(field);
    const value =
      field.fieldKind === "list"
        ? [...(given as ReflectList)].map((item) => plainOf(item, isFloat))
        : plainOf(given, isFloat);
    // A switch that is off. The constant of a bool is a value.
    if (value === false && name !== "const") continue;
    // No unsigned integer is below it.
    if (name === "gte" && value === 0n && /^(?:uint|fixed)/.test(type)) continue;
    const at = `${path}.${name}`;
    if (value === undefined || (Array.isArray(value) && value.includes(undefined))) {
      unknown.set(at, canonicalText(given));
    } else if (["gt", "gte", "lt", "lte"].includes(name)) {
      bounds.set(name, value as bigint | number);
    } else {
      const shown = /^(?:min|max)_|^len/.test(name) ? { shown: `${value}` } : {};
      for (const names of namesOf(name, type, rules)) {
        constraints.push({ path: at, name: names, value: value as Plain, ...shown });
      }
    }
  }
  // Nobody means a bound that is no number.
  if ([...bounds.values()].some(Number.isNaN)) unknown.set(path, [...bounds].join());
  else if (bounds.size > 0) constraints.push(rangeOf(bounds, path, type));
  for (const [name, text] of unknownFieldsOf(rules)) unknown.set(`${path}.${name}`, text);
  return { constraints: constraints.map((it) => withNumbers(it, valueEnum)), unknown };
}

/** The constraints that a rule stands for. */
function namesOf(name: string, type: string, rules: ReflectMessage): string[] {
  switch (name) {
    case "len":
      return ["min_len", "max_len"];
    case "len_bytes":
      return ["min_bytes", "max_bytes"];
    case "well_known_regex":
      return [isLoose(rules) ? "well_known_regex_loose" : name];
    case "in":
    case "not_in":
      return [type === "field_mask" ? `paths_${name}` : name];
    default:
      return [name];
  }
}

function isLoose(rules: ReflectMessage): boolean {
  const strict = rules.fields.find(({ name }) => name === "strict");
  return strict !== undefined && rules.isSet(strict) && rules.get(strict) === false;
}

/** With the numbers that an enum declares, where only these are allowed. */
function withNumbers(constraint: Constraint, valueEnum: DescEnum | undefined): Constraint {
  if (constraint.name !== "defined_only") return constraint;
  return { ...constraint, value: valueEnum?.values.map(({ number }) => BigInt(number)) ?? [] };
}
