import {
  createRegistry,
  type DescMessage,
  fromJson,
  getOption,
  type JsonValue,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import {
  FieldRulesSchema,
  field as fieldRules,
  Ignore,
  message as messageRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { describe, expect, it } from "vitest";
import cases from "../../conformance/validation-cases.json" with { type: "json" };
import { schemaWithRules } from "../../src/validation/schema-with-rules.js";
import { validateMessage } from "../../src/validation/validate-message.js";
import { contractFiles } from "./fixtures.js";

// As a service has them: of the stubs, which carry no rules.
const registry = createRegistry(...contractFiles);
const messages = contractFiles.flatMap((file) => file.messages);

interface Found {
  readonly field: string;
  readonly rule: string;
}

const textsOf = (all: readonly Found[]) => all.map(({ field, rule }) => `${field}: ${rule}`).sort();

describe("a message of conformance/validation-cases.json", () => {
  it.each(cases)("breaks the rules that it is said to: $name", ({ type, message, violations }) => {
    const schema = registry.getMessage(type);
    if (schema === undefined) throw new Error(`no message ${type}`);
    const found = validateMessage(fromJson(schema, message as JsonValue));
    expect(textsOf(found)).toEqual(textsOf(violations));
  });
});

describe("the cases", () => {
  it.each(messages.map(({ typeName }) => typeName))("have each rule of %s broken", (typeName) => {
    const broken = cases.filter(({ type }) => type === typeName).flatMap((it) => it.violations);
    const rules = textsOf(rulesOf(schemaWithRules(typeName)));
    expect(rules.filter((rule) => !textsOf(broken).includes(rule))).toEqual([]);
  });

  it("have a valid message for each that has rules", () => {
    const ruled = messages.filter(({ typeName }) => rulesOf(schemaWithRules(typeName)).length > 0);
    const valid = cases.filter(({ violations }) => violations.length === 0).map(({ type }) => type);
    expect(ruled.map(({ typeName }) => typeName).filter((name) => !valid.includes(name))).toEqual(
      [],
    );
    expect(ruled.length).toBeGreaterThan(20);
  });
});

/** The rules of a message and of its own fields. */
function rulesOf(message: DescMessage): Found[] {
  const own = getOption(message, messageRules).cel.map(({ id }) => ({ field: "", rule: id }));
  const ofFields = message.fields.flatMap((field) => {
    const rules = getOption(field, fieldRules);
    const ids = [
      ...(rules.required ? ["required"] : []),
      ...rules.cel.map(({ id }) => id),
      ...standardRules(reflect(FieldRulesSchema, rules)),
    ];
    return rules.ignore === Ignore.ALWAYS ? [] : ids.map((rule) => ({ field: field.name, rule }));
  });
  return [...own, ...ofFields];
}

/** The id of what is set among the rules of a type, such as `int32.gte_lte`. */
function standardRules(rules: ReflectMessage): string[] {
  return rules.fields
    .filter((field) => field.oneof?.name === "type" && rules.isSet(field))
    .map((field) => {
      const set = rules.get(field) as ReflectMessage;
      const names = set.fields.filter((it) => set.isSet(it)).map(({ name }) => name);
      return `${field.name}.${names.sort().join("_")}`;
    });
}
