import {
  create,
  type DescField,
  type DescMessage,
  type JsonObject,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import fc, { type Arbitrary } from "fast-check";

/** Any message of that type: every field may be set or not, down to a depth. */
export function arbitraryMessage(desc: DescMessage, depth = 6): Arbitrary<Message> {
  const known = wellKnown[desc.typeName];
  if (known !== undefined) return known.map((value) => create(desc, value as never));
  const properties: Record<string, Arbitrary<unknown>> = {};
  for (const field of desc.fields) {
    if (field.oneof !== undefined) throw new Error(`${field} is in a oneof: not foreseen`);
    if (field.message !== undefined && depth === 0) continue;
    properties[field.localName] = arbitraryField(field, depth - 1);
  }
  return fc.record(properties, { requiredKeys: [] }).map((value) => create(desc, value as never));
}

function arbitraryField(field: DescField, depth: number): Arbitrary<unknown> {
  const value = field.message
    ? field.message.typeName === "google.protobuf.Struct"
      ? jsonObject
      : arbitraryMessage(field.message, depth)
    : field.enum
      ? fc.oneof(fc.constantFrom(...field.enum.values.map(({ number }) => number)), fc.constant(99))
      : arbitraryScalar(field.scalar as ScalarType);
  const few = { maxLength: 3 };
  if (field.fieldKind === "list") return fc.array(value, few);
  if (field.fieldKind === "map") return fc.array(fc.tuple(keys, value), few).map(toObject);
  return value;
}

function arbitraryScalar(scalar: ScalarType): Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 40 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.INT32:
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    default:
      throw new Error(`a ${ScalarType[scalar]} is not foreseen`);
  }
}

const text = fc.string({ unit: "binary", maxLength: 20 });
const keys = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "toString", "0", ""));
const jsonObject: Arbitrary<JsonObject> = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }) as Arbitrary<never>, { maxKeys: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)));

/** Messages that have a JSON form for some values only. */
const wellKnown: Readonly<Record<string, Arbitrary<unknown>>> = {
  "google.protobuf.Timestamp": fc.record({
    seconds: fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }),
    nanos: fc.integer({ min: 0, max: 999_999_999 }),
  }),
};

// Also for the key __proto__, which an assignment would lose.
function toObject(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries);
}
