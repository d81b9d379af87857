import { fieldNumbers, type MessageKind } from "./field-numbers.js";
import { rewrite } from "./rewrite.js";

/**
 * The encoded execution or spec without its callback token, and without earlier ones that the last has
 * replaced. Every other byte is kept, in its order. Returns `bytes` itself when it has no token, and a
 * new array otherwise.
 *
 * Throws a `WireError` for malformed bytes, and a `TypeError` for a kind that does not exist or anything but a `Uint8Array`.
 */
export function removeCallbackToken<Memory extends ArrayBufferLike>(
  kind: MessageKind,
  bytes: Uint8Array<Memory>,
): Uint8Array<Memory | ArrayBuffer> {
  return rewrite(bytes, fieldNumbers(kind, bytes)[0]);
}
