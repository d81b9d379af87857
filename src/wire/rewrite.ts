import { equalBytes } from "../equal-bytes.js";
import type { Path } from "./field-numbers.js";
import { lastOf } from "./last-of.js";
import { scan, type Visit } from "./scan.js";
import { walk } from "./walk.js";
import { WireError } from "./wire-error.js";

/**
 * The bytes with `token`, or none, at the path, and with nothing at the other one; the bytes
 * themselves when it is so already. The occurrence that a decoder keeps takes the token; the others
 * go, so that no earlier token stays behind in the bytes. Empty ones stay, as they hold nothing.
 */
export function rewrite<Memory extends ArrayBufferLike>(
  bytes: Uint8Array<Memory>,
  path: Path,
  token: Uint8Array = none,
  otherPath: Path = path,
): Uint8Array<Memory | ArrayBuffer> {
  const { length: size } = bytes;
  const [outer, inner] = path;
  // The field that takes the token, and the message that a field is added to when there is none.
  let target = -1;
  let addTo = -1;
  if (token.length > 0) {
    const [message, field] = lastOf(bytes, path);
    target = field;
    if (field < 0) addTo = message < 0 ? size : message;
  }

  // Everything happens twice, at first without a result, to learn its size: a list of the edits could
  // take many times the memory of the bytes.
  let result: Uint8Array<ArrayBuffer> | undefined;
  let edits = 0;
  // The bytes before this one are done with.
  let read = 0;
  // How much further on the next one is in the result.
  let shift = 0;

  const omit = (from: number, to: number) => {
    if (result) {
      // For a few bytes, a view takes longer than the copy.
      if (from - read > 32) result.set(bytes.subarray(read, from), read + shift);
      else for (; read < from; read++) result[read + shift] = bytes[read] as number;
      read = to;
    }
    shift += from - to;
    edits++;
  };
  const writeByte = (byte: number) => {
    if (result) result[read + shift] = byte;
    shift++;
  };
  const writeVarint = (value: number) => {
    for (; value > 0x7f; value >>>= 7) writeByte(value | 0x80);
    writeByte(value);
  };
  const writeToken = () => {
    writeVarint(token.length);
    result?.set(token, read + shift);
    shift += token.length;
  };

  const onField: Visit = (tag, length, value, end) => {
    if (tag !== target) {
      if (value < end) omit(tag, end);
    } else if (!equalBytes(bytes.subarray(value, end), token)) {
      omit(length, end);
      writeToken();
    }
  };
  const editMessage: Visit = (tag, _length, value, end, number) => {
    scan(bytes, value, end, number === outer ? inner : otherPath[1], onField);
    if (tag === addTo) {
      omit(end, end);
      writeByte((inner << 3) | 2);
      writeToken();
    }
  };
  const onMessage: Visit = (tag, length, value, end, number) => {
    if (value === end && tag !== addTo) return;
    const output = result;
    const editsBefore = edits;
    const shiftBefore = shift;
    const grows = tag === addTo || (target >= value && target < end);
    // A length of one byte that gets no larger can be written afterwards. Any other stands before what
    // decides on it, so that the message is measured first.
    if (output && outer && !grows && value - length === 1) {
      editMessage(tag, length, value, end, number);
      if (edits > editsBefore) output[length + shiftBefore] = end - value + shift - shiftBefore;
      return;
    }
    result = undefined;
    editMessage(tag, length, value, end, number);
    result = output;
    if (edits === editsBefore) return;
    const growth = shift - shiftBefore;
    if (output) shift = shiftBefore;
    if (outer && growth) {
      const newLength = end - value + growth;
      if (newLength > 0x7fffffff) throw new WireError("length-overflow", tag, "less than 2 GiB");
      omit(length, value);
      writeVarint(newLength);
    }
    if (output) editMessage(tag, length, value, end, number);
  };
  const editAll = () => {
    walk(bytes, outer, otherPath[0], onMessage);
    if (outer && addTo === size) {
      omit(size, size);
      writeByte((outer << 3) | 2);
      onMessage(size, size, size, size, outer);
    }
  };

  editAll();
  if (edits === 0) return bytes;
  result = new Uint8Array(size + shift);
  shift = 0;
  editAll();
  omit(size, size);
  return result;
}

const none = new Uint8Array();
