import { base64Encode } from "@bufbuild/protobuf/wire";
import { type CallbackToken, callbackToken } from "./callback-token.js";

/**
 * The callback token in its proto3 JSON form: standard Base64 with padding. For a request body or
 * a Temporal input; never for a log or a URL.
 *
 * Throws a `CallbackTokenError` with code `empty`, `too-long` or `not-bytes`.
 */
export function formatCallbackToken(token: CallbackToken): string {
  return base64Encode(callbackToken(token));
}
