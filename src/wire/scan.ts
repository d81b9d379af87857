import { WireError } from "./wire-error.js";

/** A length-delimited field, as offsets: its tag, its length, its value and what follows it. */
export type Visit = (
  tag: number,
  length: number,
  value: number,
  end: number,
  number: number,
) => void;

// The tags of the groups that are open. One for all scans: a visit, which may start a scan of its own,
// happens outside of all groups. An array for each scan would double the time of many small ones.
const groups: number[] = [];

/**
 * Calls `visit` for each length-delimited field with one of two numbers in the message between two
 * offsets. Whatever else is there is stepped over: fields with another number, fields with this number and
 * another wire type, groups with all that is in them. A message that starts at 0 is the outermost one,
 * any other is a field of it.
 */
export function scan(
  bytes: Uint8Array,
  start: number,
  end: number,
  number: number,
  visit: Visit,
  otherNumber: number = number,
): void {
  // With the one or two messages around them, 100: protobuf-es and upb refuse more.
  const deepest = start > 0 ? 98 : 99;
  let open = 0;
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
    if (tag < 8 || tag > 0xffffffff || (type === 4 && (open === 0 || groups[--open] !== tag - 1))) {
      throw new WireError("bad-tag", at, "the tag of a field");
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
        throw new WireError("length-overflow", at, `at most ${end - value} bytes`);
      }
      const found = tag >>> 3;
      if ((found === number || found === otherNumber) && next <= end && open === 0) {
        visit(at, length, value, next, found);
      }
    } else if (type === 0) {
      varint(bytes, at, next, end, 10);
      next = endOfVarint;
    } else if (type === 1) {
      next += 8;
    } else if (type === 3) {
      if (open === deepest) throw new WireError("too-deep", at, "a depth of at most 100");
      groups[open++] = tag;
    } else if (type === 5) {
      next += 4;
    } else if (type > 5) {
      throw new WireError("bad-wire-type", at, "0 to 5");
    }
    if (next > end) throw truncated(at, end);
  }
  if (open > 0) throw truncated(end, end);
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
  throw new WireError("too-long", at, `at most ${longest} bytes of varint`);
}

function truncated(at: number, end: number): WireError {
  return new WireError("truncated", at, `more than ${end} bytes`);
}
