import { describeType } from "../describe-type.js";
import { maxCallbackTokenBytes } from "../execution/kinds.js";
import { CallbackTokenError } from "./callback-token-error.js";

declare const brand: unique symbol;

/**
 * The task token of a waiting activity: 1 to 8,192 opaque bytes. Whoever holds it can end the
 * activity, so treat it as a password: log `describeCallbackToken(token)`, never the bytes.
 *
 * Valid for one attempt of the activity. Made by `callbackToken`, `parseCallbackToken` or
 * `getCallbackToken`.
 */
export type CallbackToken = Uint8Array<ArrayBuffer> & { readonly [brand]: "CallbackToken" };

/**
 * Checks that `bytes` can be a callback token and copies them. The content is opaque and not
 * looked at.
 *
 * Throws a `CallbackTokenError` with code `empty`, `too-long` or `not-bytes`.
 */
export function callbackToken(bytes: Uint8Array): CallbackToken {
  return checkedToken(bytes, "callback token");
}

/** `callbackToken` with the place that the bytes come from, for the error message. */
export function checkedToken(bytes: Uint8Array, where: string): CallbackToken {
  checkToken(bytes, where);
  return new Uint8Array(bytes) as CallbackToken;
}

export function checkToken(bytes: Uint8Array, where: string): void {
  if (!isUint8Array(bytes)) {
    throw new CallbackTokenError(
      "not-bytes",
      `${where}: expected a Uint8Array, got ${describeType(bytes)}`,
    );
  }
  if (bytes.length === 0) throw wrongLength("empty", where, 0);
  if (bytes.length > maxCallbackTokenBytes) throw wrongLength("too-long", where, bytes.length);
}

export function wrongLength(
  code: "empty" | "too-long",
  where: string,
  length: number,
): CallbackTokenError {
  return new CallbackTokenError(
    code,
    `${where}: expected 1 to ${maxCallbackTokenBytes} bytes, got ${length}`,
  );
}

const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get;

// instanceof fails for bytes from another realm, such as the ones that a Temporal workflow sandbox
// or a test runner's VM context hands over. The getter reads what the engine knows of the object.
function isUint8Array(value: unknown): value is Uint8Array {
  return typedArrayName?.call(value) === "Uint8Array";
}
