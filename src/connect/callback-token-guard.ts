import type { Interceptor, StreamRequest, UnaryRequest } from "@connectrpc/connect";
import type { MeterOptions } from "../handshake/index.js";
import type { RedactionOptions } from "../redaction/index.js";
import { guardCalls } from "./guard-calls.js";

/** What is known of a call before it is handled: who calls what. */
export type GuardedCall = Pick<
  UnaryRequest | StreamRequest,
  "service" | "method" | "requestMethod" | "url" | "header" | "contextValues"
>;

/** Who may read, and what is shown to the others. */
export interface CallbackTokenGuardOptions extends RedactionOptions, MeterOptions {
  /**
   * Whether this caller may read callback tokens and secret values: a runner, which has to complete
   * the waiting activity. Asked once per call, before it is handled. Only `true` is a yes; an error
   * that it throws fails the call.
   */
  mayRead(call: GuardedCall): boolean | Promise<boolean>;

  /**
   * The names of headers and trailers of your own that everybody may see, also in the metadata of an
   * error. Of all others, only `x-request-id` and those of HTTP, gRPC and Connect that cannot carry a
   * service's data, such as `retry-after`, are shown.
   */
  publicHeaders?: readonly string[];
}

/**
 * A server interceptor that takes callback tokens and secret values out of every response, unary or
 * streaming, and out of the details of errors, unless the caller may read them. It does to them what
 * `redact` does, by the descriptor of the response, so that a new rpc is covered from its first day.
 * Headers, trailers and the metadata of errors are sent only if they are known to be public, because an
 * error of another service has its details there too. Requests and error texts are left alone. A caller
 * who may read gets the whole error, except for headers of another service's response that would break
 * this one, such as `content-length`.
 *
 * The header `stigmer-withheld` of a response names the fields that were emptied, those of the first
 * message for a stream; `reportOutcome` tells by it that somebody waits.
 *
 * Prefer `guardedServer`, because nothing can bypass it. A service that is given interceptors of its own
 * does not use those of its server, and no interceptor sees the headers that a handler has set before it
 * throws. Used alone, the guard must be the first in the array of interceptors: it sees only what those
 * after it have made of a response. A response that cannot be redacted fails with INTERNAL.
 */
export function callbackTokenGuard(options: CallbackTokenGuardOptions): Interceptor {
  return guardCalls(options).interceptor;
}
