import { walk } from "./walk.js";

/**
 * A view of the field `inner` of the message `outer`, as a decoder would have it; undefined when it
 * is empty or not there.
 */
export function peek(bytes: Uint8Array, outer: number, inner: number): Uint8Array | undefined {
  let from = 0;
  let to = 0;
  walk(bytes, outer, inner, (_tag, _length, value, end) => {
    from = value;
    to = end;
  });
  return from === to ? undefined : bytes.subarray(from, to);
}
