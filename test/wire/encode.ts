import { WireType } from "@bufbuild/protobuf/wire";
import type { MessageKind } from "../../src/wire/index.js";

/** Bytes, or a number that is one byte. */
export type Part = number | Iterable<number>;

export function join(...parts: Part[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...part])));
}

/** A varint of this many bytes, or of as many as it takes. */
export function varint(value: number | bigint, size = 0): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest > 0x7fn || bytes.length + 1 < size) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.of(...bytes, Number(rest));
}

export function tag(number: number, type: number, size?: number): Uint8Array {
  return varint(number * 8 + type, size);
}

/** A length-delimited field. */
export function delimited(number: number, ...content: Part[]): Uint8Array {
  const bytes = join(...content);
  return join(tag(number, WireType.LengthDelimited), varint(bytes.length), bytes);
}

export function group(number: number, ...content: Part[]): Uint8Array {
  return join(tag(number, WireType.StartGroup), ...content, tag(number, WireType.EndGroup));
}

/** An unknown field that takes this many bytes, with its tag and its length. */
export function filler(size: number): Uint8Array {
  return delimited(9, new Uint8Array(size - (size < 130 ? 2 : 3)));
}

/** A field of each wire type but length-delimited. */
export function otherWireTypes(number: number): [name: string, field: Uint8Array][] {
  return [
    ["varint", join(tag(number, WireType.Varint), 2)],
    ["fixed64", join(tag(number, WireType.Bit64), 2, 2, 2, 2, 2, 2, 2, 2)],
    ["group", group(number, delimited(7, 9), delimited(6, 9), delimited(4, delimited(7, 9)))],
    ["fixed32", join(tag(number, WireType.Bit32), 2, 2, 2, 2)],
  ];
}

export const specNumber = 4;
export const statusNumber = 5;

export function tokenNumber(kind: MessageKind): number {
  return kind.startsWith("Workflow") ? 7 : 6;
}

/** Where the token was in the status. */
export function oldTokenNumber(kind: MessageKind): number {
  return kind.startsWith("Workflow") ? 11 : 10;
}

export function spec(...content: Part[]): Uint8Array {
  return delimited(specNumber, ...content);
}

export function status(...content: Part[]): Uint8Array {
  return delimited(statusNumber, ...content);
}

/** The token field of a WorkflowExecutionSpec. */
export function token(...content: Part[]): Uint8Array {
  return delimited(7, ...content);
}

/** The field of a WorkflowExecutionStatus that the token was in. */
export function oldToken(...content: Part[]): Uint8Array {
  return delimited(11, ...content);
}
