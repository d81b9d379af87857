import { applyEdits, type Edit } from "./edit.js";
import { isSame } from "./is-same.js";
import { walk } from "./walk.js";

/**
 * The bytes with `token`, or none, in the field `inner` of the message `outer`; the bytes themselves
 * when it is so already. The occurrence that a decoder keeps takes the token; the others go, so that
 * no earlier token stays behind in the bytes. Empty ones stay, as they hold nothing.
 */
export function rewrite(
  bytes: Uint8Array,
  outer: number,
  inner: number,
  token?: Uint8Array,
): Uint8Array {
  let lastField = -1;
  let lastMessage = -1;
  walk(
    bytes,
    outer,
    inner,
    (tag) => {
      lastField = tag;
    },
    (tag) => {
      lastMessage = tag;
    },
  );

  if (token && lastMessage < 0) {
    const { length } = bytes;
    const emptyMessage = [(outer << 3) | 2, 0];
    return rewrite(applyEdits(bytes, [[length, length, emptyMessage]]), outer, inner, token);
  }

  const edits: Edit[] = [];
  // Of the message that is walked over: the index of its first edit, and how many bytes it gains.
  let first = 0;
  let growth = 0;
  const edit = (from: number, to: number, replacement: ArrayLike<number>) => {
    edits.push([from, to, replacement]);
    growth += replacement.length - (to - from);
  };
  walk(
    bytes,
    outer,
    inner,
    (tag, length, value, end) => {
      if (token && tag === lastField) {
        if (!isSame(bytes.subarray(value, end), token)) {
          edit(length, end, [...varint(token.length), ...token]);
        }
      } else if (value < end) {
        edit(tag, end, []);
      }
    },
    (tag, length, value, end) => {
      if (token && lastField < 0 && tag === lastMessage) {
        edit(end, end, [(inner << 3) | 2, ...varint(token.length), ...token]);
      }
      if (outer && growth) edits.splice(first, 0, [length, value, varint(end - value + growth)]);
      first = edits.length;
      growth = 0;
    },
  );
  return applyEdits(bytes, edits);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
