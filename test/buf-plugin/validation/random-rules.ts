import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import type { FieldRulesSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import fc from "fast-check";

type FieldRules = MessageInitShape<typeof FieldRulesSchema>;
type OfType = NonNullable<FieldRules["type"]>;

/** A type of fields: how it is declared, the rules that it may have, and values on either side of each. */
export interface Subject {
  readonly type: Type;
  readonly label?: Label;
  readonly typeName?: string;
  readonly rules: fc.Arbitrary<OfType | undefined>;
  readonly values: readonly unknown[];
}

/** Each rule or none, with a value of the given ones. */
function some(rules: Readonly<Record<string, readonly unknown[]>>) {
  const arbitraries = Object.entries(rules).map(
    ([name, values]) =>
      [name, fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })] as const,
  );
  return fc
    .record(Object.fromEntries(arbitraries))
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, it]) => it !== undefined)));
}

function ofCase(name: string, rules: fc.Arbitrary<object>): fc.Arbitrary<OfType | undefined> {
  const some = rules.map((value) => ({ case: name, value }) as OfType);
  return fc.option(some, { nil: undefined, freq: 6 });
}

/** The rules that order allows, with these values as their bounds and in their lists. */
function ordered<T>(values: readonly T[], others: Record<string, readonly unknown[]> = {}) {
  const bound = (open: string, closed: string) =>
    fc.option(
      fc.record({ case: fc.constantFrom(open, closed), value: fc.constantFrom(...values) }),
      {
        nil: undefined,
      },
    );
  return fc
    .tuple(
      some(others),
      fc.option(bound("lt", "lte")),
      fc.option(bound("gt", "gte")),
      listed(values),
    )
    .map(([rules, lessThan, greaterThan, lists]) => ({
      ...rules,
      ...lists,
      ...(lessThan && { lessThan }),
      ...(greaterThan && { greaterThan }),
    }));
}

/** const, in and not_in. */
function listed<T>(values: readonly T[]) {
  const list = fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom(...values).map((it) => ({ const: it })) },
    { weight: 2, arbitrary: list.map((it) => ({ in: it })) },
    { weight: 2, arbitrary: list.map((it) => ({ notIn: it })) },
  );
}

const lengths = [0n, 1n, 2n, 3n, 4n];
const texts = [
  "",
  "a",
  "b",
  "ab",
  "ba",
  "abc",
  "aab",
  "é",
  "éa",
  "éé",
  "😀",
  "aaaa",
  "1.2.3.4",
  "::1",
];
const formats = ["ip", "ipv4", "ipv6", "hostname", "address", "uri", "uriRef", "email", "uuid"];

const stringRules = fc
  .tuple(
    some({ minLen: lengths, maxLen: lengths }),
    fc.oneof(
      fc.constant({}),
      some({ len: lengths }),
      some({ minBytes: lengths, maxBytes: lengths, lenBytes: lengths }),
      some({ prefix: ["a", "ab", "é"], suffix: ["a", "b", "ab"] }),
      some({ contains: ["a", "b", "ab"], notContains: ["b", "ab", "é"] }),
      some({ pattern: ["^a", "^a+$", "b$", ""] }),
      fc.constantFrom(...formats).map((name) => ({ wellKnown: { case: name, value: true } })),
      fc.boolean().map((strict) => ({ wellKnown: { case: "wellKnownRegex", value: 1 }, strict })),
    ),
    listed(texts),
  )
  .map((all) => Object.assign({}, ...all));

const bytes = texts.map((text) => new TextEncoder().encode(text));
const integers = [-2, -1, 0, 1, 2, 3];
const doubles = [-1, 0, 0.5, 1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const durations = [-1n, 0n, 1n, 2n].flatMap((seconds) =>
  [0, 1].map((nanos) => ({ seconds, nanos: seconds < 0n ? -nanos : nanos })),
);

function counted(min: string, max: string) {
  return some({ [min]: [0n, 1n, 2n], [max]: [0n, 1n, 2n, 3n] });
}

/** A text of each format that an empty one is not of. One space is of none. */
const formatted: Readonly<Record<string, string>> = {
  address: "1.2.3.4",
  email: "a@example.com",
  hostAndPort: "example.com:80",
  hostname: "example.com",
  ip: "1.2.3.4",
  ipPrefix: "1.2.3.0/24",
  ipWithPrefixlen: "1.2.3.4/24",
  ipv4: "1.2.3.4",
  ipv4Prefix: "1.2.3.0/24",
  ipv4WithPrefixlen: "1.2.3.4/24",
  ipv6: "::1",
  ipv6Prefix: "::/64",
  ipv6WithPrefixlen: "::1/64",
  protobufDotFqn: ".test.Checked",
  protobufFqn: "test.Checked",
  tuuid: "123e4567e89b12d3a456426614174000",
  ulid: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  uri: "https://example.com",
  uuid: "123e4567-e89b-12d3-a456-426614174000",
};
const formattedBytes: Readonly<Record<string, number>> = { ip: 4, ipv4: 4, ipv6: 16, uuid: 16 };

const ignores = fc.constantFrom(undefined, undefined, 0, 1, 3);
/** Of the items of a list, or of the keys or values of a map. */
const ofPart = (type: fc.Arbitrary<OfType | undefined>) =>
  fc.option(fc.record({ ignore: ignores, type }).map(withoutUndefined), { nil: undefined });

export const subjects: Readonly<Record<string, Subject>> = {
  string: { type: Type.STRING, rules: ofCase("string", stringRules), values: texts },
  bytes: {
    type: Type.BYTES,
    rules: ofCase(
      "bytes",
      fc
        .tuple(
          some({ minLen: lengths, maxLen: lengths, len: lengths }),
          some({
            prefix: bytes.slice(1, 4),
            suffix: bytes.slice(1, 4),
            contains: bytes.slice(1, 4),
          }),
          listed(bytes),
        )
        .map((all) => Object.assign({}, ...all)),
    ),
    values: bytes,
  },
  int32: { type: Type.INT32, rules: ofCase("int32", ordered(integers)), values: integers },
  uint64: {
    type: Type.UINT64,
    rules: ofCase("uint64", ordered([0n, 1n, 2n, 3n])),
    values: [0n, 1n, 2n, 3n, 4n],
  },
  double: {
    type: Type.DOUBLE,
    rules: ofCase("double", ordered(doubles, { finite: [true, false] })),
    values: [...doubles, Number.NaN],
  },
  bool: {
    type: Type.BOOL,
    rules: ofCase("bool", some({ const: [true, false] })),
    values: [true, false],
  },
  enum: {
    type: Type.ENUM,
    typeName: ".test.Choice",
    rules: ofCase(
      "enum",
      fc
        .tuple(some({ definedOnly: [true, false] }), listed([0, 1, 2, 5]))
        .map((all) => Object.assign({}, ...all)),
    ),
    values: [0, 1, 2, 5],
  },
  duration: {
    type: Type.MESSAGE,
    typeName: ".google.protobuf.Duration",
    rules: ofCase("duration", ordered(durations)),
    values: durations,
  },
  timestamp: {
    type: Type.MESSAGE,
    typeName: ".google.protobuf.Timestamp",
    rules: ofCase("timestamp", some({ within: [{ seconds: 10n }, { seconds: 10_000_000_000n }] })),
    values: [{ seconds: 0n }, { seconds: 4_000_000_000n }],
  },
  mask: {
    type: Type.MESSAGE,
    typeName: ".google.protobuf.FieldMask",
    rules: ofCase("fieldMask", some({ in: [["a"], ["a", "b"]], notIn: [["a"], ["a", "b"]] })),
    values: [{ paths: [] }, { paths: ["a"] }, { paths: ["a", "b"] }, { paths: ["c"] }],
  },
  wrapper: {
    type: Type.MESSAGE,
    typeName: ".google.protobuf.Int32Value",
    rules: ofCase("int32", ordered(integers)),
    values: integers,
  },
  message: {
    type: Type.MESSAGE,
    typeName: ".test.Part",
    rules: fc.constant(undefined),
    values: [{}, { name: "a" }],
  },
  "repeated string": {
    type: Type.STRING,
    label: Label.REPEATED,
    rules: ofCase(
      "repeated",
      fc
        .tuple(
          counted("minItems", "maxItems"),
          some({ unique: [true, false] }),
          ofPart(ofCase("string", stringRules)),
        )
        .map(([counts, unique, items]) => ({ ...counts, ...unique, ...(items && { items }) })),
    ),
    values: [[], ...texts.map((text) => [text]), ["a", "b"], ["a", "a"], ["a", "b", "ab"]],
  },
  "repeated message": {
    type: Type.MESSAGE,
    typeName: ".test.Part",
    label: Label.REPEATED,
    rules: ofCase(
      "repeated",
      fc
        .tuple(counted("minItems", "maxItems"), ofPart(fc.constant(undefined)))
        .map(([counts, items]) => ({ ...counts, ...(items && { items }) })),
    ),
    values: [[], [{}], [{ name: "a" }], [{ name: "a" }, {}]],
  },
  map: {
    type: Type.MESSAGE,
    typeName: ".test.Checked.ValueEntry",
    label: Label.REPEATED,
    rules: ofCase(
      "map",
      fc
        .tuple(
          counted("minPairs", "maxPairs"),
          ofPart(ofCase("string", stringRules)),
          ofPart(ofCase("int32", ordered(integers))),
        )
        .map(([counts, keys, values]) => ({
          ...counts,
          ...(keys && { keys }),
          ...(values && { values }),
        })),
    ),
    values: [
      {},
      ...texts.map((text) => ({ [text]: 1 })),
      ...integers.map((value) => ({ a: value })),
      { a: 1, b: 2 },
    ],
  },
};

function withoutUndefined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, it]) => it !== undefined)) as T;
}

function formatOrNot(type: "string" | "bytes", wellKnown: object, values: readonly unknown[]) {
  return {
    type: type === "string" ? Type.STRING : Type.BYTES,
    rules: ofCase(type, some({ minLen: [0n, 1n], wellKnown: [wellKnown] })),
    values,
  };
}

function bounded<T>(lower: T, upper: T) {
  return some({
    greaterThan: [{ case: "gte", value: lower }],
    lessThan: [{ case: "lte", value: upper }],
  });
}

/** Types whose values show every change of the rules that they have here. */
export const telling: Readonly<Record<string, Subject>> = {
  ...Object.fromEntries(
    Object.entries(formatted).map(([name, text]) => [
      `string, ${name}`,
      formatOrNot("string", { case: name, value: true }, ["", " ", text]),
    ]),
  ),
  "string, HTTP header name": formatOrNot("string", { case: "wellKnownRegex", value: 1 }, [
    "",
    " ",
    "Accept",
  ]),
  ...Object.fromEntries(
    Object.entries(formattedBytes).map(([name, length]) => [
      `bytes, ${name}`,
      formatOrNot(
        "bytes",
        { case: name, value: true },
        [0, 1, length].map((it) => new Uint8Array(it)),
      ),
    ]),
  ),
  uint32: {
    type: Type.UINT32,
    rules: ofCase("uint32", bounded(0, 1)),
    values: [0, 1, 2],
  },
  fixed64: {
    type: Type.FIXED64,
    rules: ofCase("fixed64", bounded(0n, 1n)),
    values: [0n, 1n, 2n],
  },
  enum: {
    type: Type.ENUM,
    typeName: ".test.Choice",
    rules: ofCase("enum", some({ definedOnly: [true, false] })),
    values: [0, 1, 2, 5, 9],
  },
};

/** The rules of a field, but for expressions. */
export function plainRules({ rules }: Subject): fc.Arbitrary<FieldRules> {
  return fc
    .record({
      required: fc.constantFrom(undefined, undefined, true, false),
      ignore: ignores,
      type: rules,
    })
    .map((all) => withoutUndefined(all) as object as FieldRules);
}

/** All of the rules of a field. */
export function fieldRules(subject: Subject): fc.Arbitrary<FieldRules> {
  const expression = fc.constantFrom(undefined, undefined, undefined, ["true"], ["false"]);
  return fc
    .tuple(plainRules(subject), expression)
    .map(
      ([rules, celExpression]) =>
        withoutUndefined({ ...rules, celExpression }) as object as FieldRules,
    );
}
