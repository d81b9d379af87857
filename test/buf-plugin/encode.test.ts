import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
} from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode, type Value } from "../../src/buf-plugin/encode.js";
import { messages } from "../../src/buf-plugin/protocol.js";
import { createProtocolRegistry } from "../../src/buf-plugin/protocol-registry.js";

const registry = createProtocolRegistry();
// What the plugin sends: everything but the files and the options that it receives.
const typeNames = Object.keys(messages).filter(
  (name) =>
    !/\.(?:FileDescriptor|CheckRequest)$/.test(name) && !name.startsWith("buf.plugin.option."),
);

const strings = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  // Around the lengths where the length prefix grows by a byte.
  fc
    .tuple(fc.constantFrom("a", "é", "世", "🔑"), fc.constantFrom(31, 43, 127, 128, 16_383, 16_384))
    .map(([unit, length]) => unit.repeat(length)),
);
const scalars: Record<string, fc.Arbitrary<Value[string]>> = {
  bool: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 300 }),
  int32: fc.oneof(
    fc.nat({ max: 2 ** 31 - 1 }),
    fc.constantFrom(0, 1, 127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28, 2 ** 31 - 1),
  ),
  string: strings,
};

function arbitraryOf(typeName: string): fc.Arbitrary<Value> {
  const fields = Object.entries(messages[typeName] ?? {}).map(([name, [, type]]) => {
    const itemType = type.replace("repeated ", "");
    const item = scalars[itemType] ?? arbitraryOf(itemType);
    return [name, type === itemType ? item : fc.array(item, { maxLength: 4 })];
  });
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

/** The value as JSON that protobuf-es reads. */
function jsonOf(value: unknown): JsonValue {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object" || value === null) return value as JsonValue;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([name, item]) => [name, jsonOf(item)]));
}

function descOf(typeName: string): DescMessage {
  const desc = registry.getMessage(typeName);
  if (desc === undefined) throw new Error(`no descriptor of ${typeName}`);
  return desc;
}

describe("what encode writes, protobuf-es reads", () => {
  test.each(typeNames.filter((name) => !JSON.stringify(messages[name]).includes("Any")))(
    "%s",
    (typeName) => {
      const desc = descOf(typeName);
      // Any has a JSON form of its own, so the answers that hold one are tested below.
      const isAny = typeName === "google.protobuf.Any";
      fc.assert(
        fc.property(arbitraryOf(typeName), (value) => {
          const decoded = fromBinary(desc, encode(typeName, value));
          if (isAny) {
            expect(decoded).toMatchObject({
              typeUrl: value.type_url ?? "",
              value: value.value ?? new Uint8Array(),
            });
            return;
          }
          const expected = fromJson(desc, jsonOf(value));
          const difference = Buffer.compare(toBinary(desc, decoded), toBinary(desc, expected));
          expect(difference).toBe(0);
        }),
        { numRuns: 40 },
      );
    },
  );

  test.each(["pluginrpc.v1.Request", "pluginrpc.v1.Response"])("%s", (typeName) => {
    fc.assert(
      fc.property(arbitraryOf("google.protobuf.Any"), (value) => {
        const decoded = fromBinary(descOf(typeName), encode(typeName, { value }));
        expect(decoded).toMatchObject({
          value: { typeUrl: value.type_url ?? "", value: value.value ?? new Uint8Array() },
        });
      }),
      { numRuns: 40 },
    );
  });
});

test("a field that is not set, or empty, takes no bytes", () => {
  const empty = { id: "", category_ids: [], default: false, purpose: undefined };
  expect(encode("buf.plugin.check.v1.Rule", empty)).toHaveLength(0);
  expect(encode("buf.plugin.check.v1.CheckResponse", { annotations: [] })).toHaveLength(0);
});

test("an empty message and an empty string in a list are items", () => {
  const desc = descOf("buf.plugin.check.v1.CheckResponse");
  const value = { annotations: [{}, { message: "x" }, {}] };
  const decoded = fromBinary(desc, encode(desc.typeName, value));
  expect(decoded).toMatchObject({
    annotations: [{ message: "" }, { message: "x" }, { message: "" }],
  });
  const rule = descOf("buf.plugin.check.v1.Rule");
  const categories = { category_ids: ["", "A", ""] };
  expect(fromBinary(rule, encode(rule.typeName, categories))).toMatchObject({
    categoryIds: ["", "A", ""],
  });
});
