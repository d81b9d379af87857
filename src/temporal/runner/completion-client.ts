import {
  ActivityNotFoundError,
  AsyncCompletionClient,
  isGrpcServiceError,
} from "@temporalio/client";
import { NamespaceNotFoundError } from "@temporalio/common";
import { HandshakeError, type Settlement } from "../../handshake/index.js";
import { isTooLarge } from "../../handshake/status-code.js";
import type { CallbackToken } from "../../token/index.js";

// gRPC, "Status codes and their use in gRPC".
const invalidArgument = 3;
const deadlineExceeded = 4;
const notFound = 5;

const largeMessageMs = 4_000;

/** As the SDK's own, which tells a bad token and a server that is down apart by their text alone. */
export class CompletionClient extends AsyncCompletionClient {
  protected override handleError(error: unknown): never {
    if (!isGrpcServiceError(error) || error.code === notFound) super.handleError(error);
    throw error;
  }
}

/** Makes a call that ends the activity with this token. */
export async function settle(token: CallbackToken, call: () => Promise<void>): Promise<Settlement> {
  try {
    await call();
    return "settled";
  } catch (error) {
    if (error instanceof ActivityNotFoundError) return "not-found";
    throw handshakeError(error, token);
  }
}

/**
 * Makes a call with more than 4 MiB, and gives it up as too large after 4 s: the connection tries for
 * 40 seconds what a server finds too large.
 */
export async function largeCall(
  completion: CompletionClient,
  call: () => Promise<void>,
): Promise<void> {
  try {
    await completion.withDeadline(Date.now() + largeMessageMs, call);
  } catch (error) {
    if (!isGrpcServiceError(error) || error.code !== deadlineExceeded) throw error;
    const text = `expected Temporal to take more than 4 MiB within ${largeMessageMs} ms`;
    throw new HandshakeError("too-large", text, { cause: error });
  }
}

/** With the server's text, which may quote ids out of the token: a namespace that it does not know. */
export function handshakeError(error: unknown, token: CallbackToken): unknown {
  if (isGrpcServiceError(error)) {
    const text = withoutPartsOf(token, error.details || error.message);
    if (isTooLarge(error)) return new HandshakeError("too-large", `Temporal refuses it: ${text}`);
    return error.code === invalidArgument
      ? new HandshakeError("invalid-token", `Temporal does not accept the token: ${text}`)
      : new HandshakeError("unavailable", `Temporal could not be asked: ${text}`);
  }
  if (error instanceof NamespaceNotFoundError) {
    const text = withoutPartsOf(token, error.message);
    return new HandshakeError("unavailable", `Temporal could not be asked: ${text}`);
  }
  return error;
}

function withoutPartsOf(token: CallbackToken, text: string): string {
  const characters = new TextDecoder().decode(token);
  return text.replace(/[^\s"'.,:]{8,}/g, (word) => (characters.includes(word) ? "…" : word));
}
