import { base64Decode } from "@bufbuild/protobuf/wire";
import { describeType } from "../describe-type.js";
import { maxCallbackTokenBytes } from "../execution/kinds.js";
import { type CallbackToken, callbackToken, wrongLength } from "./callback-token.js";
import { CallbackTokenError } from "./callback-token-error.js";

/**
 * Reads a callback token from its proto3 JSON form: standard or URL-safe Base64, with or without
 * padding (ProtoJSON format, `bytes`; RFC 4648, sections 4 and 5). White space, a mix of the two
 * alphabets and incomplete padding are refused.
 *
 * Throws a `CallbackTokenError` with code `malformed` and the position, counted from 0, of the first
 * character that does not fit, or with code `empty` or `too-long`.
 */
export function parseCallbackToken(text: string): CallbackToken {
  if (typeof text !== "string") throw malformed(describeType(text));
  const alphabet = /[-_]/.test(text) ? /^[A-Za-z0-9_-]*/ : /^[A-Za-z0-9+/]*/;
  const digits = alphabet.exec(text)?.[0].length ?? 0;
  const bytes = Math.floor((digits * 3) / 4);
  const padding = "=".repeat((4 - (digits % 4)) % 4);
  const rest = text.slice(digits);

  let matched = 0;
  while (matched < rest.length && rest[matched] === padding[matched]) matched++;
  if (matched < rest.length)
    throw malformed(`an unexpected character at position ${digits + matched}`);
  if (digits % 4 === 1) throw malformed(`an early end at position ${digits}`);
  if (matched > 0 && matched < padding.length) {
    throw malformed(`an early end at position ${text.length}`);
  }
  if (bytes > maxCallbackTokenBytes) throw wrongLength("too-long", "callback token", bytes);
  return callbackToken(base64Decode(text));
}

function malformed(found: string): CallbackTokenError {
  return new CallbackTokenError("malformed", `callback token: expected Base64 text, got ${found}`);
}
