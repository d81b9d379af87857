import { create } from "@bufbuild/protobuf";
import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  AsyncCompletionClient,
  type Client,
  isGrpcServiceError,
} from "@temporalio/client";
import { type ApplicationFailure, NamespaceNotFoundError } from "@temporalio/common";
import { type ActivityCompleter, HandshakeError, type Settlement } from "../../handshake/index.js";
import type { CallbackToken } from "../../token/index.js";
import { WorkflowExecutionStatusSchema } from "../../workflowexecution/v1.js";
import { executionFailure } from "../execution-failure.js";

// gRPC, "Status codes and their use in gRPC".
const invalidArgument = 3;
const notFound = 5;

/** As the SDK's own, which tells a bad token and a server that is down apart by their text alone. */
class CompletionClient extends AsyncCompletionClient {
  protected override handleError(error: unknown): never {
    if (!isGrpcServiceError(error) || error.code === notFound) super.handleError(error);
    throw error;
  }
}

/**
 * Ends activities that wait on Temporal, through the namespace of `client`, which must be that of
 * the activities. The client needs the payload converter of this package.
 *
 * COMPLETED completes the activity with the status. FAILED fails it with an `ApplicationFailure` of
 * type `ExecutionFailed`, which is not retried and has the status as its detail. CANCELLED reports
 * the cancellation when the caller has asked for it, and else fails the activity with type
 * `ExecutionCancelled`, in the same way.
 *
 * A server that cannot be reached is tried again by the connection of the client, with backoff, for
 * about 20 seconds (`makeGrpcRetryInterceptor`); then it is a `HandshakeError` with code
 * `unavailable`. So is a namespace that the server does not know, which somebody has to correct.
 *
 * Throws a `TypeError` when the client cannot encode messages.
 */
export function temporalCompleter(client: Client): ActivityCompleter {
  const { namespace, identity, dataConverter, loadedDataConverter } = client.options;
  const probe = create(WorkflowExecutionStatusSchema);
  const metadata = loadedDataConverter.payloadConverter.toPayload(probe)?.metadata ?? {};
  if (metadata.messageType === undefined) {
    throw new TypeError(
      "client: expected a dataConverter that encodes messages, such as { payloadConverterPath } of " +
        "@stigmer/apis/temporal/payload-converter; got one that does not",
    );
  }
  const { connection } = client;
  const completion = new CompletionClient({ connection, namespace, identity, dataConverter });

  async function settle(report: () => Promise<void>): Promise<Settlement> {
    try {
      await report();
      return "settled";
    } catch (error) {
      if (error instanceof ActivityNotFoundError) return "not-found";
      throw handshakeError(error);
    }
  }

  const fail = (token: CallbackToken, failure: ApplicationFailure) =>
    settle(() => completion.fail(token, failure));

  return {
    complete: (token, status) => settle(() => completion.complete(token, status)),

    fail: (token, { message, status }) =>
      fail(token, executionFailure("ExecutionFailed", status, message)),

    async reportCancellation(token, status) {
      try {
        return await settle(() => completion.reportCancellation(token, status));
      } catch (error) {
        if (!(error instanceof HandshakeError) || error.code !== "invalid-token") throw error;
        // The token may be fine: the server also refuses so what nobody has asked to cancel.
        return fail(token, executionFailure("ExecutionCancelled", status));
      }
    },

    async heartbeat(token, details) {
      try {
        await completion.heartbeat(token, details);
        return "recorded";
      } catch (error) {
        if (error instanceof ActivityCancelledError) return "cancel-requested";
        if (error instanceof ActivityPausedError || error instanceof ActivityResetError) {
          return "recorded";
        }
        if (error instanceof ActivityNotFoundError) return "not-found";
        throw handshakeError(error);
      }
    },
  };
}

// The texts are the server's; it names no token in them.
function handshakeError(error: unknown): unknown {
  if (isGrpcServiceError(error)) {
    const text = error.details || error.message;
    return error.code === invalidArgument
      ? new HandshakeError("invalid-token", `Temporal does not accept the token: ${text}`)
      : new HandshakeError("unavailable", `Temporal could not be asked: ${text}`);
  }
  if (error instanceof NamespaceNotFoundError) {
    return new HandshakeError("unavailable", `Temporal could not be asked: ${error.message}`);
  }
  return error;
}
