import { maxCallbackTokenBytes } from "../execution/kinds.js";
import { checkBytes } from "./check-bytes.js";
import { fieldNumbers, type MessageKind } from "./field-numbers.js";
import { rewrite } from "./rewrite.js";

/**
 * The encoded execution or spec with this callback token in place of the one it has, if any; a spec
 * is added when there is none. Every other byte is kept, in its order. Returns `bytes` itself when
 * it has this token and no other already, and a new array otherwise.
 *
 * Throws a `WireError` for malformed bytes, a `RangeError` for a token that has not 1 to 8,192
 * bytes, and a `TypeError` for a kind that does not exist or anything but a `Uint8Array`.
 */
export function replaceCallbackToken<Memory extends ArrayBufferLike>(
  kind: MessageKind,
  bytes: Uint8Array<Memory>,
  token: Uint8Array,
): Uint8Array<Memory | ArrayBuffer> {
  checkBytes("token", token);
  if (token.length === 0 || token.length > maxCallbackTokenBytes) {
    throw new RangeError(
      `token: expected 1 to ${maxCallbackTokenBytes} bytes, got ${token.length}`,
    );
  }
  return rewrite(bytes, fieldNumbers(kind, bytes)[0], token);
}
