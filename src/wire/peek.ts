import type { Path } from "./field-numbers.js";
import { lastOf } from "./last-of.js";

/**
 * A view of the field at the path, as a decoder would have it; undefined when it is empty or not
 * there.
 */
export function peek<Memory extends ArrayBufferLike>(
  bytes: Uint8Array<Memory>,
  path: Path,
): Uint8Array<Memory> | undefined {
  const [, , value, end] = lastOf(bytes, path);
  return value === end ? undefined : bytes.subarray(value, end);
}
