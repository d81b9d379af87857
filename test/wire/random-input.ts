import {
  create,
  type DescField,
  type DescMessage,
  type JsonObject,
  type Message,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { AgentExecutionSchema, AgentExecutionSpecSchema } from "../../src/agentexecution/v1.js";
import type { MessageKind } from "../../src/wire/index.js";
import {
  WorkflowExecutionSchema,
  WorkflowExecutionSpecSchema,
} from "../../src/workflowexecution/v1.js";
import { oldTokenNumber, tokenNumber } from "./encode.js";
import type { Random } from "./random.js";

export interface Input {
  readonly kind: MessageKind;
  readonly bytes: Uint8Array;
}

const schemas: Record<MessageKind, DescMessage> = {
  WorkflowExecution: WorkflowExecutionSchema,
  WorkflowExecutionSpec: WorkflowExecutionSpecSchema,
  AgentExecution: AgentExecutionSchema,
  AgentExecutionSpec: AgentExecutionSpecSchema,
};
const kinds = [
  "WorkflowExecution",
  "AgentExecution",
  "WorkflowExecutionSpec",
  "AgentExecutionSpec",
] as const;

export function schemaOf(kind: MessageKind): DescMessage {
  return schemas[kind];
}

/** Encoded messages, well-formed and not so, of which most have something to do with a token. */
export function randomInput(random: Random): Input {
  const kind = random.pick(kinds);
  const origin = random.below(100);
  if (origin < 6) return { kind, bytes: random.bytes(random.below(48)) };
  if (origin < 12) return { kind, bytes: likelyBytes(random) };
  const bytes = wellFormed(random, kind);
  if (random.chance(0.002)) return { kind, bytes: large(random, bytes) };
  if (origin < 52) return { kind, bytes };
  return { kind, bytes: mutated(random, bytes, kind) };
}

/** The same fields many times over, which merge. */
function large(random: Random, bytes: Uint8Array): Uint8Array {
  const size = random.pick([200, 5000, 20_000]);
  return bytes.length === 0
    ? bytes
    : Uint8Array.from(
        { length: size - (size % bytes.length) },
        (_, at) => bytes[at % bytes.length] ?? 0,
      );
}

function wellFormed(random: Random, kind: MessageKind): Uint8Array {
  return random.chance(0.3) ? encodedMessage(random, kind) : fieldList(random, kind);
}

// --- messages as protobuf-es encodes them -----------------------------------------------------

function encodedMessage(random: Random, kind: MessageKind): Uint8Array {
  const schema = schemaOf(kind);
  return toBinary(schema, randomMessage(random, schema, 4));
}

function randomMessage(random: Random, schema: DescMessage, depth: number): Message {
  const init: Record<string, unknown> = {};
  for (const field of schema.fields) {
    if (random.chance(0.5)) init[field.localName] = fieldValue(random, field, depth);
  }
  return create(schema, init);
}

function fieldValue(random: Random, field: DescField, depth: number): unknown {
  switch (field.fieldKind) {
    case "scalar":
      return scalar(random, field.scalar);
    case "enum":
      return random.below(field.enum.values.length);
    case "message":
      return message(random, field.message, depth);
    case "list":
      return Array.from({ length: random.below(3) }, () =>
        field.message ? message(random, field.message, depth) : text(random),
      );
    case "map":
      return Object.fromEntries(
        Array.from({ length: random.below(3) }, () => [
          text(random),
          field.message ? message(random, field.message, depth) : text(random),
        ]),
      );
  }
}

function message(random: Random, schema: DescMessage, depth: number): unknown {
  if (schema === StructSchema) return struct(random);
  return depth > 0 ? randomMessage(random, schema, depth - 1) : create(schema);
}

function struct(random: Random): JsonObject {
  return { [text(random)]: random.pick([null, true, 0.5, "text", [1, "two"], { three: 3 }]) };
}

function scalar(random: Random, type: ScalarType): unknown {
  switch (type) {
    case ScalarType.STRING:
      return text(random);
    case ScalarType.BYTES:
      return random.bytes(random.pick([0, 1, 3, 20, 126, 127, 128, 140]));
    case ScalarType.BOOL:
      return random.chance(0.5);
    default:
      return random.below(100);
  }
}

function text(random: Random): string {
  return random.pick(["", "a", "wex-1", "grün ✓", "x".repeat(120)]);
}

// --- lists of fields --------------------------------------------------------------------------

interface Style {
  /** Whether a field with a number of the contract has the wire type that it has there. */
  readonly isDeclared: boolean;
  /** How many of the varints are longer than they must be. */
  readonly overlong: number;
}

function fieldList(random: Random, kind: MessageKind): Uint8Array {
  const style = { isDeclared: random.chance(0.7), overlong: random.pick([0, 0, 0.1, 0.4]) };
  const fields = kind.endsWith("Spec") ? specFields : executionFields;
  return Uint8Array.from(fields(random, kind, style));
}

function executionFields(random: Random, kind: MessageKind, style: Style): number[] {
  const inner = () => delimited(random, style, 4, specFields(random, kind, style));
  const oldToken = oldTokenNumber(kind);
  return several(random, 5, () =>
    random.pick([
      inner,
      inner,
      inner,
      () => delimited(random, style, 5, statusFields(random, oldToken, style)),
      () => delimited(random, style, 5, statusFields(random, oldToken, style)),
      () => delimited(random, style, random.pick([1, 2]), [0x61, 0x62]),
      () => otherField(random, style, [4, 4, 5, 1]),
      () => deepGroups(random),
    ])(),
  );
}

function specFields(random: Random, kind: MessageKind, style: Style): number[] {
  const number = tokenNumber(kind);
  return several(random, 4, () =>
    random.pick([
      () => delimited(random, style, number, tokenContent(random)),
      () => delimited(random, style, number, tokenContent(random)),
      () => delimited(random, style, random.pick([1, 3]), [0x61]),
      () => delimited(random, style, 4, delimited(random, style, 1, [0x62])),
      () => otherField(random, style, [number, number, 3]),
      () => deepGroups(random),
    ])(),
  );
}

function statusFields(random: Random, oldToken: number, style: Style): number[] {
  return several(random, 4, () =>
    random.pick([
      () => delimited(random, style, oldToken, tokenContent(random)),
      () => delimited(random, style, oldToken, tokenContent(random)),
      () => otherField(random, style, [oldToken, oldToken, 7, 1]),
      () => deepGroups(random),
    ])(),
  );
}

// Few different ones, so that the same token is often in two places.
function tokenContent(random: Random): Iterable<number> {
  return random.pick([[], [], [1], [1], [1, 2], [2, 1, 0x3a, 1], random.bytes(random.below(140))]);
}

const unknownNumbers = [900, 901, 19_000, 2 ** 29 - 1] as const;

/** A field that is no token: of an unknown number, or of a known one with any wire type. */
function otherField(random: Random, style: Style, known: readonly [number, ...number[]]): number[] {
  const number = random.pick(
    style.isDeclared || random.chance(0.3) ? unknownNumbers : known,
  ) as number;
  return fieldOfType(random, style, number, random.pick([0, 1, 2, 3, 5]), 3);
}

function fieldOfType(
  random: Random,
  style: Style,
  number: number,
  type: number,
  depth: number,
): number[] {
  const tag = (wireType: number) => varint(random, style, number * 8 + wireType, 5);
  switch (type) {
    case 0:
      return [...tag(0), ...varint(random, style, random.pick([0, 1, 300, 2 ** 31, 2 ** 53]), 10)];
    case 1:
      return [...tag(1), ...random.bytes(8)];
    case 2:
      return delimited(random, style, number, random.bytes(random.below(6)));
    case 3: {
      const inner = () =>
        fieldOfType(
          random,
          style,
          random.pick([4, 5, 6, 7, 10, 11, number]),
          depth > 0 ? random.pick([0, 1, 2, 2, 3, 5]) : 0,
          depth - 1,
        );
      return [...tag(3), ...several(random, 3, inner), ...tag(4)];
    }
    default:
      return [...tag(5), ...random.bytes(4)];
  }
}

/** Groups that are seldom so deep that decoders refuse them, and then not by much. */
function deepGroups(random: Random): number[] {
  const depth = random.chance(0.1) ? 96 + random.below(8) : random.below(4);
  const number = random.pick([4, 7, 9]);
  const inner = random.pick([[], [], [0x3a, 1, 1], [0x0b, 0x0c]]);
  return [...Array(depth).fill(number * 8 + 3), ...inner, ...Array(depth).fill(number * 8 + 4)];
}

function several(random: Random, limit: number, field: () => number[]): number[] {
  return Array.from({ length: random.below(limit + 1) }, field).flat();
}

function delimited(
  random: Random,
  style: Style,
  number: number,
  content: Iterable<number>,
): number[] {
  const bytes = [...content];
  return [
    ...varint(random, style, number * 8 + 2, 5),
    ...varint(random, style, bytes.length, 10),
    ...bytes,
  ];
}

function varint(random: Random, style: Style, value: number, longest: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 0x80);
  if (random.chance(style.overlong)) {
    const size = bytes.length + 1 + random.below(longest - bytes.length);
    for (; bytes.length + 1 < size; rest = 0) bytes.push(rest + 0x80);
  }
  bytes.push(rest);
  return bytes;
}

// --- bytes that are not well-formed -----------------------------------------------------------

const likely = [
  0, 1, 2, 3, 5, 0x7f, 0x80, 0xff, 0x08, 0x0b, 0x0c, 0x0e, 0x0f, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x3b,
  0x3c, 0x38, 0x39, 0x3d, 0x52, 0x5a, 0x20, 0x23, 0x24, 0x25, 0xa2,
] as const;

function likelyBytes(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.below(24) }, () => random.pick(likely));
}

function mutated(random: Random, bytes: Uint8Array, kind: MessageKind): Uint8Array {
  let result = bytes;
  for (let count = 1 + random.below(3); count > 0; count--) {
    result = random.pick(mutations)(random, result, kind);
  }
  return result;
}

type Mutation = (random: Random, bytes: Uint8Array, kind: MessageKind) => Uint8Array;

const mutations: readonly [Mutation, ...Mutation[]] = [
  function flipBit(random, bytes) {
    const at = random.below(bytes.length);
    return splice(bytes, at, 1, [(bytes[at] ?? 0) ^ (1 << random.below(8))]);
  },
  function truncate(random, bytes) {
    return bytes.slice(0, random.below(bytes.length + 1));
  },
  function loseTheStart(random, bytes) {
    return bytes.slice(random.below(4));
  },
  function insertBytes(random, bytes) {
    return splice(bytes, random.below(bytes.length + 1), 0, random.bytes(1 + random.below(3)));
  },
  function deleteBytes(random, bytes) {
    return splice(bytes, random.below(bytes.length + 1), 1 + random.below(4), []);
  },
  function spliceWithAnother(random, bytes, kind) {
    const other = wellFormed(random, kind);
    const rest = other.subarray(random.below(other.length + 1));
    return splice(bytes, random.below(bytes.length + 1), bytes.length, rest);
  },
  function repeatBytes(random, bytes) {
    const from = random.below(bytes.length + 1);
    return splice(bytes, from, 0, bytes.subarray(from, from + random.below(12)));
  },
  function lieAboutALength(random, bytes) {
    const at = random.below(bytes.length);
    const lie = (bytes[at] ?? 0) + random.pick([-2, -1, 1, 2, 40]);
    return splice(bytes, at, 1, [lie & 0x7f]);
  },
  function rewriteATag(random, bytes) {
    return splice(bytes, random.below(bytes.length), 1, [random.pick(likely)]);
  },
  function stretchAVarint(random, bytes) {
    const at = random.below(bytes.length);
    const more = random.pick([0, 1, 2, 3, 4, 7, 8, 9, 10]);
    const last = random.pick([0, 0, 1, 0x0f, 0x10]);
    return splice(bytes, at, 1, [(bytes[at] ?? 0) | 0x80, ...Array(more).fill(0x80), last]);
  },
  function insertAGiantLength(random, bytes) {
    const giant = random.pick([
      [0x2a, 0xff, 0xff, 0xff, 0xff, 0x07],
      [0x22, 0x80, 0x80, 0x80, 0x80, 0x08],
      [0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f],
    ]);
    return splice(bytes, random.below(bytes.length + 1), 0, giant);
  },
];

function splice(
  bytes: Uint8Array,
  at: number,
  count: number,
  replacement: Iterable<number>,
): Uint8Array {
  return Uint8Array.of(...bytes.subarray(0, at), ...replacement, ...bytes.subarray(at + count));
}
