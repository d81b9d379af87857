/** Bytes to put in place of those between two offsets. */
export type Edit = readonly [from: number, to: number, bytes: ArrayLike<number>];

/** The bytes with all edits made, which are in order; the bytes themselves when there is none. */
export function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  if (edits.length === 0) return bytes;
  let size = bytes.length;
  for (const [from, to, replacement] of edits) size += replacement.length - (to - from);
  const result = new Uint8Array(size);
  let read = 0;
  let written = 0;
  for (const [from, to, replacement] of edits) {
    result.set(bytes.subarray(read, from), written);
    written += from - read;
    result.set(replacement, written);
    written += replacement.length;
    read = to;
  }
  result.set(bytes.subarray(read), written);
  return result;
}
