import type { Interceptor, StreamRequest, UnaryRequest } from "@connectrpc/connect";
import type { RedactionOptions } from "../redaction/index.js";
import { guardCalls } from "./guard-calls.js";

/** What is known of a call before it is handled: who calls what. */
export type GuardedCall = Pick<
  UnaryRequest | StreamRequest,
  "service" | "method" | "requestMethod" | "url" | "header" | "contextValues"
>;

/** Who may read, and what is shown to the others. */
export interface CallbackTokenGuardOptions extends RedactionOptions {
  /**
   * Whether this caller may read callback tokens and secret values: a runner, which has to complete
   * the waiting activity. Asked once per call, before it is handled. Only `true` is a yes; what is
   * thrown fails the call.
   */
  mayRead(call: GuardedCall): boolean | Promise<boolean>;

  /**
   * The names of headers and trailers of your own that everybody may see, also where they are an
   * error's metadata. Of the others only those of HTTP, gRPC and Connect are shown that can hold
   * nothing of a service, such as `retry-after`, and `x-request-id`.
   */
  publicHeaders?: readonly string[];
}

/**
 * A server interceptor that takes callback tokens and secret values out of every response, unary or
 * streaming, and out of the details of errors, unless the caller may read them. It does to them what
 * `redact` does, by the descriptor of the response, so that a new rpc is covered from its first day.
 * Headers, trailers and the metadata of errors go out when they are known to be public: an error of
 * another service has its details there too. Requests and the texts of errors are left alone. Those who
 * may read get all of an error but the headers of another service's response that would break this one,
 * such as `content-length`.
 *
 * The header `stigmer-withheld` of a response names the fields that were emptied, those of the first
 * message for a stream; `reportOutcome` tells by it that somebody waits.
 *
 * Prefer `guardedServer`, which nothing can be registered past: a service that is given interceptors
 * of its own does not use those of its server, and headers that a handler has set before it throws
 * are out of an interceptor's sight. On its own, put it first in the array of interceptors: it sees
 * only what those after it have made of a response. A response that cannot be redacted fails with
 * INTERNAL.
 */
export function callbackTokenGuard(options: CallbackTokenGuardOptions): Interceptor {
  return guardCalls(options).interceptor;
}
