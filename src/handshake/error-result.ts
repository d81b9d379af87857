import { CallbackTokenError } from "../token/index.js";
import { HandshakeError, type HandshakeErrorCode } from "./handshake-error.js";
import type { ErrorResult } from "./instruments.js";
import { hasStatusCode, isTooLarge, isTransient } from "./status-code.js";

const results: Readonly<Record<HandshakeErrorCode, ErrorResult>> = {
  "invalid-token": "invalid_token",
  unavailable: "unavailable",
  "not-terminal": "not_terminal",
  "token-withheld": "withheld",
  "deadline-exceeded": "unavailable",
  "wrong-id": "refused",
  "id-taken": "refused",
  contended: "contended",
  "too-large": "too_large",
};

/** What an attempt is counted as that has thrown this. */
export function errorResult(error: unknown): ErrorResult {
  if (error instanceof HandshakeError) return results[error.code];
  if (error instanceof CallbackTokenError) return "invalid_token";
  if (isTooLarge(error)) return "too_large";
  if (isTransient(error)) return "unavailable";
  return hasStatusCode(error) ? "refused" : "other";
}
