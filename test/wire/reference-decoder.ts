import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import type { MessageKind } from "../../src/wire/index.js";
import { specNumber, tokenNumber } from "./encode.js";
import type { Refusal } from "./fixtures.js";

// A decoder as the encoding is described (https://protobuf.dev/programming-guides/encoding), with the
// answers of the conformance suite where it leaves a choice: tags have up to 5 bytes and 32 bits,
// other varints up to 10 bytes; of a length, 32 bits count, and it is less than 2 GiB. Messages and
// groups are nested 100 deep at most, as in protobuf-es.

export interface Field {
  readonly number: number;
  readonly type: number;
  /** The tag, the length if there is one, and the content. */
  readonly raw: Uint8Array;
  /** The content of a length-delimited field. */
  readonly content?: Uint8Array;
  /** Where the field, its length and its content start. */
  readonly at: number;
  readonly lengthAt: number;
  readonly contentAt: number;
}

/** Bytes that a conforming decoder refuses. */
export class Refused extends Error {
  constructor(
    readonly code: Refusal["code"],
    readonly offset: number,
  ) {
    super(`${code} at ${offset}`);
  }
}

/** The fields of the message that is between two offsets; a group is one field. */
export function parse(bytes: Uint8Array, start = 0, end = bytes.length): Field[] {
  const fields: Field[] = [];
  let at = start;
  while (at < end) {
    const field = readField(bytes, at, { start, end });
    fields.push(field);
    at += field.raw.length;
  }
  return fields;
}

/** The fields of a length-delimited field that holds a message. */
export function parseContent(bytes: Uint8Array, { contentAt, content }: Field): Field[] {
  return parse(bytes, contentAt, contentAt + (content?.length ?? 0));
}

/**
 * The length-delimited fields `inner` of all messages `outer`, in order, which is what these messages
 * have when they are merged. With `outer` 0, the bytes are the message.
 */
export function occurrences(bytes: Uint8Array, outer: number, inner: number): Field[] {
  const isWanted = (field: Field) => isDelimited(field, inner);
  if (outer === 0) return parse(bytes).filter(isWanted);
  const found: Field[] = [];
  const range = { start: 0, end: bytes.length };
  for (let at = 0; at < bytes.length; ) {
    const field = readField(bytes, at, range);
    if (isDelimited(field, outer)) found.push(...parseContent(bytes, field).filter(isWanted));
    at += field.raw.length;
  }
  return found;
}

/** The value of a bytes field: its last occurrence; undefined when that is empty or not there. */
export function lastValue(fields: Field[]): Uint8Array | undefined {
  const content = fields.at(-1)?.content;
  return content?.length ? content : undefined;
}

export function tokensIn(kind: MessageKind, bytes: Uint8Array): Field[] {
  return occurrences(bytes, kind.endsWith("Spec") ? 0 : specNumber, tokenNumber(kind));
}

export function decodeToken(kind: MessageKind, bytes: Uint8Array): Uint8Array | undefined {
  return lastValue(tokensIn(kind, bytes));
}

/**
 * Whether the bytes are well-formed at every depth, and each field that the schema knows has the wire
 * type that it has there.
 */
export function hasDeclaredTypes(schema: DescMessage, bytes: Uint8Array): boolean {
  const types = new Map(schema.fields.map((field) => [field.number, declaredType(field)]));
  return allFields(bytes, (field) => {
    const declared = types.get(field.number);
    return declared === undefined || isDeclared(declared, field);
  });
}

interface DeclaredType {
  readonly type: WireType;
  readonly isContentDeclared?: (content: Uint8Array) => boolean;
}

function isDeclared({ type, isContentDeclared }: DeclaredType, { type: actual, content }: Field) {
  return actual === type && (!content || !isContentDeclared || isContentDeclared(content));
}

function allFields(bytes: Uint8Array, check: (field: Field) => boolean): boolean {
  try {
    return parse(bytes).every(check);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

function declaredType(field: DescField): DeclaredType {
  const { message } = field;
  const value: DeclaredType = message
    ? { type: 2, isContentDeclared: (content) => hasDeclaredTypes(message, content) }
    : { type: wireTypes.get(field.scalar ?? ScalarType.INT32) ?? 0 };
  if (field.fieldKind !== "map") return value;
  const key: DeclaredType = { type: wireTypes.get(field.mapKey) ?? 0 };
  const isEntry = (entry: Field) =>
    entry.number > 2 || isDeclared(entry.number === 1 ? key : value, entry);
  return { type: 2, isContentDeclared: (content) => allFields(content, isEntry) };
}

const wireTypes = new Map<ScalarType, WireType>([
  [ScalarType.STRING, WireType.LengthDelimited],
  [ScalarType.BYTES, WireType.LengthDelimited],
  [ScalarType.DOUBLE, WireType.Bit64],
  [ScalarType.FIXED64, WireType.Bit64],
  [ScalarType.SFIXED64, WireType.Bit64],
  [ScalarType.FLOAT, WireType.Bit32],
  [ScalarType.FIXED32, WireType.Bit32],
  [ScalarType.SFIXED32, WireType.Bit32],
]);

export function isDelimited(field: Field, number: number): boolean {
  return field.number === number && field.content !== undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function readField(
  bytes: Uint8Array,
  at: number,
  range: Range,
  depth = range.start > 0 ? 2 : 1,
): Field {
  const { end } = range;
  const tag = readVarint(bytes, at, at, end, 5);
  const number = Number(tag.value >> 3n);
  const type = Number(tag.value & 7n);
  if (number === 0 || tag.value >= 2n ** 32n) throw new Refused("bad-tag", at);

  const field = (size: number, lengthAt = tag.end, contentAt = tag.end): Field => {
    const fieldEnd = contentAt + size;
    if (fieldEnd > end) throw new Refused("truncated", at);
    const raw = bytes.subarray(at, fieldEnd);
    const content = type === 2 ? { content: bytes.subarray(contentAt, fieldEnd) } : {};
    return { number, type, raw, at, lengthAt, contentAt, ...content };
  };
  switch (type) {
    case 0:
      return field(readVarint(bytes, at, tag.end, end, 10).end - tag.end);
    case 1:
      return field(8);
    case 2: {
      const length = readVarint(bytes, at, tag.end, end, 10);
      const size = Number(BigInt.asUintN(32, length.value));
      if (size >= 2 ** 31) throw new Refused("length-overflow", at);
      // The outermost message may go on in bytes that have not arrived; another one cannot.
      if (length.end + size > end && range.start > 0) throw new Refused("length-overflow", at);
      return field(size, tag.end, length.end);
    }
    case 3: {
      if (depth >= 100) throw new Refused("too-deep", at);
      let next = tag.end;
      while (next < end) {
        const inner = isEndOf(number, bytes, next, end);
        if (inner !== undefined) return field(inner - tag.end);
        next += readField(bytes, next, range, depth + 1).raw.length;
      }
      throw new Refused("truncated", end);
    }
    case 4:
      throw new Refused("bad-tag", at);
    case 5:
      return field(4);
    default:
      throw new Refused("bad-wire-type", at);
  }
}

/** What follows the end of the group with this number, if that is what is there. */
function isEndOf(group: number, bytes: Uint8Array, at: number, end: number): number | undefined {
  const tag = readVarint(bytes, at, at, end, 5);
  return tag.value === BigInt(group) * 8n + 4n ? tag.end : undefined;
}

function readVarint(bytes: Uint8Array, field: number, start: number, end: number, longest: number) {
  let value = 0n;
  for (let at = start; at < start + longest; at++) {
    if (at >= end) throw new Refused("truncated", field);
    const byte = bytes[at] ?? 0;
    value += BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new Refused("too-long", field);
}
