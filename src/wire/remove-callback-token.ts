import { fieldNumbers, type MessageKind } from "./field-numbers.js";
import { rewrite } from "./rewrite.js";

/**
 * The encoded execution or spec without its callback token, nor an earlier one that the last had
 * replaced. Every other byte is kept, in its order. Returns `bytes` itself when there is no token in
 * there, and a new array otherwise.
 *
 * Throws a `WireError` for malformed bytes, and a `TypeError` for a kind that does not exist or no `Uint8Array`.
 */
export function removeCallbackToken<Memory extends ArrayBufferLike>(
  kind: MessageKind,
  bytes: Uint8Array<Memory>,
): Uint8Array<Memory | ArrayBuffer> {
  return rewrite(bytes, fieldNumbers(kind, bytes)[0]);
}
