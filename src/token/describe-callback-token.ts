import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type CallbackToken, checkToken } from "./callback-token.js";

/**
 * What may be logged of a callback token: its length and the first 32 bits of its SHA-256, as in
 * `132 bytes, sha256:1f3a9c02`. The same token always has the same text, so that two log lines can
 * be matched.
 *
 * Throws a `CallbackTokenError` with code `empty`, `too-long` or `not-bytes`.
 */
export function describeCallbackToken(token: CallbackToken): string {
  checkToken(token, "callback token");
  const unit = token.length === 1 ? "byte" : "bytes";
  return `${token.length} ${unit}, sha256:${bytesToHex(sha256(token).subarray(0, 4))}`;
}
