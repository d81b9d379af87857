import { fieldNumbers, type MessageKind } from "./field-numbers.js";
import { peek } from "./peek.js";

/**
 * The callback token in an encoded execution or spec, without decoding the rest of it; undefined
 * when there is none. A view into `bytes`, which changes with them and keeps all of them in memory:
 * `callbackToken(view)` makes a copy.
 *
 * The answer is a decoder's (Protobuf encoding, "Last One Wins"): several specs merge, the last
 * token counts, an empty one unsets it, and a field of that number with another wire type is an
 * unknown field. The status and every other field are skipped, so malformed or too deeply
 * nested bytes in them are not noticed.
 *
 * Throws a `WireError` for malformed bytes, and a `TypeError` for a kind that does not exist or anything but a `Uint8Array`.
 */
export function peekCallbackToken<Memory extends ArrayBufferLike>(
  kind: MessageKind,
  bytes: Uint8Array<Memory>,
): Uint8Array<Memory> | undefined {
  return peek(bytes, fieldNumbers(kind, bytes)[0]);
}
