import { ApplicationFailure } from "@temporalio/common";
import { HandshakeError, type HandshakeErrorCode } from "../../handshake/index.js";
import { textOf } from "../../text-of.js";
import { type CallbackToken, callbackToken, parseCallbackToken } from "../../token/index.js";
import { converterMissing } from "../converter-missing.js";
import { isBytes } from "../is-bytes.js";

/**
 * The token that an activity was given: its bytes, or these in Base64. Throws a `HandshakeError` with
 * code `invalid-token` for anything else.
 */
export function tokenOf(given: Uint8Array | string): CallbackToken {
  if (typeof given === "object" && !isBytes(given)) {
    throw converterMissing("callback token", "an object in place of its bytes");
  }
  try {
    return typeof given === "string" ? parseCallbackToken(given) : callbackToken(given);
  } catch (cause) {
    throw new HandshakeError("invalid-token", textOf(cause), { cause });
  }
}

const refusalTypes: Partial<Record<HandshakeErrorCode, string>> = {
  "invalid-token": "InvalidToken",
  "too-large": "TooLarge",
};

/** Turns an error that every other try would meet again into one that is not retried. */
export async function refusing<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const type = error instanceof HandshakeError ? refusalTypes[error.code] : undefined;
    if (type === undefined) throw error;
    throw ApplicationFailure.nonRetryable((error as HandshakeError).message, type);
  }
}
