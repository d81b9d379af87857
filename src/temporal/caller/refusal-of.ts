import { ApplicationFailure } from "@temporalio/common";
import { HandshakeError, type HandshakeErrorCode } from "../../handshake/index.js";
import { hasStatusCode, isTransient } from "../../handshake/status-code.js";

const retried: readonly HandshakeErrorCode[] = ["unavailable", "contended", "deadline-exceeded"];

/** The failure for an error that every attempt would meet again; undefined for any other. */
export function refusalOf(error: unknown): ApplicationFailure | undefined {
  if (!(error instanceof Error) || !isRefusal(error)) return undefined;
  return ApplicationFailure.nonRetryable(error.message, "ExecutionRefused");
}

function isRefusal(error: Error): boolean {
  if (error instanceof HandshakeError) return !retried.includes(error.code);
  return hasStatusCode(error) && !isTransient(error);
}
