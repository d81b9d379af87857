import { WireError } from "./wire-error.js";

/** A length-delimited field, as offsets: its tag, its length, its value and what follows it. */
export type Visit = (tag: number, length: number, value: number, end: number) => void;

/**
 * Calls `visit` for each length-delimited field with this number in the message between two offsets.
 * Whatever else is there is stepped over: fields with another number, fields with this number and
 * another wire type, groups with all that is in them.
 */
export function scan(
  bytes: Uint8Array,
  start: number,
  end: number,
  number: number,
  visit: Visit,
): void {
  const wanted = (number << 3) | 2;
  // The tags of the groups that are open.
  const groups: number[] = [];
  let next = start;
  while (next < end) {
    const at = next;
    // Nearly all tags and most lengths are one byte. Reading these here makes a scan twice as fast.
    let tag = bytes[next++] as number;
    if (tag > 0x7f) {
      tag = varint(bytes, at, at, end, 5);
      next = endOfVarint;
    }
    const type = tag & 7;
    if (tag < 8 || tag > 0xffffffff || (type === 4 && groups.pop() !== tag - 1)) {
      throw new WireError("bad-tag", at, "expected the tag of a field");
    }
    if (type === 2) {
      const length = next;
      let size = bytes[next++] as number;
      if (next > end || size > 0x7f) {
        size = varint(bytes, at, length, end, 10);
        next = endOfVarint;
      }
      // What decoders read of a length.
      size >>>= 0;
      const value = next;
      next += size;
      if (size > 0x7fffffff || (next > end && start > 0)) {
        throw new WireError("length-overflow", at, `expected at most ${end - value} bytes`);
      }
      if (tag === wanted && next <= end && groups.length === 0) visit(at, length, value, next);
    } else if (type === 0) {
      varint(bytes, at, next, end, 10);
      next = endOfVarint;
    } else if (type === 1) {
      next += 8;
    } else if (type === 3) {
      groups.push(tag);
    } else if (type === 5) {
      next += 4;
    } else if (type > 5) {
      throw new WireError("bad-wire-type", at, "expected 0 to 5");
    }
    if (next > end) throw truncated(at, end);
  }
  if (groups.length > 0) throw truncated(end, end);
}

// A second result of varint. In an array with the first one, it would double the time of a scan.
let endOfVarint = 0;

/** The low 35 bits of a varint in the field that starts at `at`; sets `endOfVarint`. */
function varint(
  bytes: Uint8Array,
  at: number,
  start: number,
  end: number,
  longest: number,
): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < longest; count++) {
    if (start + count >= end) throw truncated(at, end);
    const byte = bytes[start + count] as number;
    if (count < 5) value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      endOfVarint = start + count + 1;
      return value;
    }
  }
  throw new WireError("too-long", at, `expected at most ${longest} bytes of varint`);
}

function truncated(at: number, end: number): WireError {
  return new WireError("truncated", at, `expected more than ${end} bytes`);
}
