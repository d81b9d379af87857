import {
  clone,
  create,
  createRegistry,
  type DescField,
  type DescMessage,
  equals,
  type JsonObject,
  type JsonValue,
  type Message,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallbackToken, describeCallbackToken } from "../../src/index.js";
import { redact, toRedactedJson } from "../../src/redaction/index.js";
import secretFields from "../secret-fields.json" with { type: "json" };
import { arbitraryMessage } from "./arbitrary-message.js";
import { messages, shortName } from "./contract.js";
import { field as encodedField, mark, objectsIn, withUnknown } from "./fixtures.js";

const cases = messages.map((schema) => ({
  schema,
  name: shortName(schema),
  message: arbitraryMessage(schema),
}));
const every = { registry: createRegistry(), unknown: true };
const runs = { numRuns: 40 };

describe.each(cases)("any $name", ({ schema, message }) => {
  it("is in redacted JSON what it is in JSON, but for the marks", () => {
    fc.assert(
      fc.property(message, (given) => {
        const expected = replaceSecrets(schema, toJson(schema, given), describeSecret);
        expect(toRedactedJson(schema, given)).toEqual(expected);
      }),
      runs,
    );
  });

  it("is redacted to a copy without its secrets and unknown fields, and stays as it was", () => {
    fc.assert(
      fc.property(message, (given) => {
        const expected = replaceSecrets(schema, toJson(schema, given), () => undefined);
        addUnknown(given);
        const before = clone(schema, given);
        const copy = redact(schema, given);
        expect(toJson(schema, copy)).toEqual(expected);
        expect(unknownIn(copy)).toEqual([]);
        expect(equals(schema, given, before, every)).toBe(true);
        const shared = objectsIn(given);
        expect([...objectsIn(copy)].filter((object) => shared.has(object))).toEqual([]);
        expect(equals(schema, redact(schema, copy), copy, every)).toBe(true);
      }),
      runs,
    );
  });
});

describe("the messages of these properties", () => {
  it("are all of the contract, and hold secrets", () => {
    expect(messages.length).toBeGreaterThan(30);
    const secrets = messages.flatMap(({ fields }) => fields.filter(isSecret));
    const names = secrets.map(({ parent, name }) => `${parent.typeName}.${name}`);
    expect(names.sort()).toEqual(secretFields);
    for (const { parent: schema } of secrets) {
      const samples = fc.sample(arbitraryMessage(schema), 200);
      const hidden = samples.filter((given) => !equals(schema, given, redact(schema, given)));
      expect(hidden.length).toBeGreaterThan(20);
      expect(hidden.length).toBeLessThan(200);
    }
  });

  it("tell the difference that one secret makes", () => {
    const schema = messages.find(({ typeName }) => typeName.endsWith("ExecutionValue"));
    if (schema === undefined) throw new Error("there is no ExecutionValue");
    const given = create(schema, { value: "x", isSecret: true } as never);
    expect(replaceSecrets(schema, toJson(schema, given), describeSecret)).not.toEqual(
      toJson(schema, given),
    );
    expect(toBinary(schema, redact(schema, given))).toEqual(Uint8Array.of(16, 1));
  });
});

// What the contract says, written down apart from src/redaction: from JSON to JSON.

/** The JSON of a message, with another value for each secret, or without it. */
function replaceSecrets(
  desc: DescMessage,
  json: JsonValue,
  replacement: (field: DescField, value: JsonValue) => JsonValue | undefined,
): JsonValue {
  if (desc.typeName.startsWith("google.protobuf.")) return json;
  const shown = json as JsonObject;
  const isSetting = desc.typeName.endsWith(".ExecutionValue") && shown.isSecret !== true;
  const entries = Object.entries(shown).map(([name, value]): [string, JsonValue | undefined] => {
    const field = desc.fields.find(({ jsonName }) => jsonName === name) as DescField;
    if (isSecret(field)) return [name, isSetting ? value : replacement(field, value)];
    const nested = field.message;
    if (nested === undefined) return [name, value];
    const each = (item: JsonValue) => replaceSecrets(nested, item, replacement);
    if (field.fieldKind === "list") return [name, (value as JsonValue[]).map(each)];
    if (field.fieldKind !== "map") return [name, each(value)];
    const items = Object.entries(value as JsonObject).map(([key, item]) => [key, each(item)]);
    return [name, Object.fromEntries(items)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as JsonObject;
}

function describeSecret({ name }: DescField, value: JsonValue): JsonValue {
  if (name !== "callback_token") return mark;
  return describeCallbackToken(base64Decode(value as string) as CallbackToken);
}

function isSecret({ proto }: DescField): boolean {
  return proto.options?.debugRedact ?? false;
}

/** Gives every message in a message a field that it does not know. */
function addUnknown(message: Message): void {
  for (const object of objectsIn(message)) {
    if ("$typeName" in object) withUnknown(object as Message, 900, encodedField(1, "unknown"));
  }
}

function unknownIn(message: Message): unknown[] {
  return [...objectsIn(message)].flatMap((object) => (object as Message).$unknown ?? []);
}
