import type { DescMessage, Message } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type Interceptor,
  type StreamRequest,
  type UnaryRequest,
} from "@connectrpc/connect";
import type { RedactionOptions } from "../redaction/index.js";
import { withoutSecrets } from "../redaction/without-secrets.js";
import { withoutSecretDetails } from "./without-secret-details.js";

/** What is known of a call before it is handled: who calls what. */
export type GuardedCall = Pick<
  UnaryRequest | StreamRequest,
  "service" | "method" | "requestMethod" | "url" | "header" | "contextValues"
>;

/** Who may read, and how responses are redacted for the others. */
export interface CallbackTokenGuardOptions extends RedactionOptions {
  /**
   * Whether this caller may read callback tokens and secret values: a runner, which has to complete
   * the waiting activity. Asked once per call, before it is handled. Only `true` is a yes; what is
   * thrown fails the call.
   */
  mayRead(call: GuardedCall): boolean | Promise<boolean>;
}

/**
 * A server interceptor that takes callback tokens and secret values out of every response, unary or
 * streaming, and out of the details of errors, unless the caller may read them. It does to them what
 * `redact` does, by the descriptor of the response, so that a new rpc is covered from its first day.
 * Requests are left alone.
 *
 * Put it first in the array of interceptors: it sees only what those after it have made of a
 * response. A service that is given interceptors of its own does not use those of its server. A
 * response that cannot be redacted fails with INTERNAL.
 */
export function callbackTokenGuard({
  mayRead,
  ...options
}: CallbackTokenGuardOptions): Interceptor {
  return (next) => async (call) => {
    let allowed = false;
    try {
      allowed = (await mayRead(call)) === true;
    } catch (error) {
      throw withoutSecretDetails(error, options);
    }
    if (allowed) return next(call);
    try {
      const response = await next(call);
      const { output } = response.method;
      return response.stream
        ? { ...response, message: redactEach(output, response.message, options) }
        : { ...response, message: redactResponse(output, response.message, options) };
    } catch (error) {
      throw withoutSecretDetails(error, options);
    }
  };
}

async function* redactEach(
  schema: DescMessage,
  messages: AsyncIterable<Message>,
  options: RedactionOptions,
): AsyncGenerator<Message> {
  try {
    for await (const message of messages) yield redactResponse(schema, message, options);
  } catch (error) {
    throw withoutSecretDetails(error, options);
  }
}

function redactResponse(schema: DescMessage, message: Message, options: RedactionOptions): Message {
  try {
    return withoutSecrets(schema, message, options);
  } catch (cause) {
    const text = "the response cannot be redacted";
    throw new ConnectError(text, Code.Internal, undefined, undefined, cause);
  }
}
