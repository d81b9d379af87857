import { ApplicationFailure } from "@temporalio/common";
import { HandshakeError, type HandshakeErrorCode } from "../../handshake/index.js";
import { type CallbackToken, callbackToken, parseCallbackToken } from "../../token/index.js";
import { converterMissing } from "../converter-missing.js";
import { isBytes } from "../is-bytes.js";

/** The token that an activity was given. Throws a failure of type `InvalidToken` for anything else. */
export function tokenOf(bytes: Uint8Array): CallbackToken {
  if (!isBytes(bytes) && typeof bytes === "object") {
    throw converterMissing("callback token", "an object in place of its bytes");
  }
  return refusingBadToken(() => callbackToken(bytes));
}

/** The same, of a token in Base64. */
export function tokenIn(base64: string): CallbackToken {
  return refusingBadToken(() => parseCallbackToken(base64));
}

function refusingBadToken(read: () => CallbackToken): CallbackToken {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw ApplicationFailure.nonRetryable(message, "InvalidToken");
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
