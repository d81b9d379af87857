import { create, type JsonValue } from "@bufbuild/protobuf";
import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  type Client,
} from "@temporalio/client";
import { outcomeOf } from "../../execution/outcome-of.js";
import type { ActivityCompleter, Settlement } from "../../handshake/index.js";
import type { CallbackToken } from "../../token/index.js";
import { WorkflowExecutionStatusSchema } from "../../workflowexecution/v1.js";
import { withoutConverter } from "../converter-missing.js";
import { bytesFor, defaultPayloadLimit, textBytes } from "../payload/payload-limit.js";
import { resultProblem } from "../payload/result-problem.js";
import { CompletionClient, handshakeError, largeCall, settle } from "./completion-client.js";
import { fitting, hasCode, largeBytes } from "./fitting.js";
import { wholeExecution } from "./whole-execution.js";

/** In which form a completer gives an execution to the callers that wait for it. */
export interface TemporalCompleterOptions {
  /**
   * What completes an activity, and is the detail of its failure:
   *
   * - `status` (the default): the status, as a message
   * - `execution`: the whole execution, without its token and its secrets, as a message; a failure
   *   has the status
   * - `json`: the status in its proto3 JSON form, as plain JSON, for a caller in Go that reads `any`
   */
  readonly result?: "status" | "execution" | "json";

  /**
   * How many bytes a payload may have, 2 MiB by default: the limit of the callers' server
   * (`blobSizeLimitError`). A status that is larger is cut; see `cutFieldsOf`.
   */
  readonly payloadLimit?: number;
}

/** Ends activities that wait on Temporal. */
export interface TemporalCompleter extends ActivityCompleter {
  /** Ends the activity with a JSON value as its result, as plain JSON. It is not cut. */
  completeWithJson(token: CallbackToken, value: JsonValue): Promise<Settlement>;
}

/**
 * Ends activities that wait on Temporal, through the namespace of `client`, which must be that of the
 * activities. If the runner has a server or a namespace of its own, this is not the client that starts
 * the runner's workflows. Both need the payload converter of this package.
 *
 * COMPLETED completes the activity with the status. FAILED fails it with an `ApplicationFailure` of
 * type `ExecutionFailed`, which is not retried and has the status as its detail; the message is its
 * text, and stands nowhere else. CANCELLED reports the cancellation if the caller has asked for it, and
 * otherwise fails the activity with type `ExecutionCancelled`, in the same way.
 *
 * Nothing larger than `payloadLimit` is sent: a status is cut part by part until it fits, and the text
 * of a failure is shortened last. A result that has no JSON form, such as NaN in its output, fails the
 * activity with type `ExecutionResultInvalid`, which names the field.
 *
 * A server that cannot be reached is tried again by the connection of the client, with backoff, for
 * about 20 seconds (`makeGrpcRetryInterceptor`); then it is a `HandshakeError` with code
 * `unavailable`. So is a namespace that the server does not know, which somebody has to correct. If the
 * server finds the payload too large in spite of `payloadLimit`, only the phase and the beginning of the
 * text are reported; if that is too large as well, it is a `HandshakeError` with code `too-large`.
 *
 * Throws a `TypeError` when the client cannot encode messages.
 */
export function temporalCompleter(
  client: Client,
  { result: form = "status", payloadLimit = defaultPayloadLimit }: TemporalCompleterOptions = {},
): TemporalCompleter {
  const completion = completionClient(client);
  const room = bytesFor(payloadLimit);
  const { settleFitted, fail, fitted } = fitting(completion, payloadLimit, form === "json");

  return {
    async complete(token, status, readExecution) {
      const problem = resultProblem(status);
      if (problem !== undefined) return fail(token, "ExecutionResultInvalid", status, problem);
      const isWhole = form === "execution";
      const execution = isWhole ? await readExecution?.() : undefined;
      return settleFitted(
        token,
        status,
        (isLeast) =>
          isWhole
            ? wholeExecution(status, isLeast ? undefined : execution, isLeast ? 0 : room)
            : fitted(status, isLeast),
        (result) => completion.complete(token, result),
      );
    },

    completeWithJson(token, value) {
      const complete = () => completion.complete(token, value);
      const isLarge = textBytes(JSON.stringify(value)) > largeBytes;
      return settle(token, isLarge ? () => largeCall(completion, complete) : complete);
    },

    fail(token, { message, status }) {
      const isCompleted = outcomeOf(status) === "completed";
      const type = isCompleted ? "ExecutionResultInvalid" : "ExecutionFailed";
      return fail(token, type, status, message);
    },

    async reportCancellation(token, status) {
      try {
        return await settleFitted(
          token,
          status,
          (isLeast) => fitted(status, isLeast),
          (details) => completion.reportCancellation(token, details),
        );
      } catch (error) {
        if (!hasCode(error, "invalid-token")) throw error;
        // The token may be fine: the server also refuses so what nobody has asked to cancel.
        return fail(token, "ExecutionCancelled", status);
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
        throw handshakeError(error, token);
      }
    },
  };
}

/** Completes by token in the client's namespace. Throws a `TypeError` when it cannot encode messages. */
function completionClient(client: Client): CompletionClient {
  const { namespace, identity, dataConverter, loadedDataConverter } = client.options;
  const probe = create(WorkflowExecutionStatusSchema);
  const metadata = loadedDataConverter.payloadConverter.toPayload(probe)?.metadata ?? {};
  if (metadata.messageType === undefined) {
    throw new TypeError(
      withoutConverter("client", "a dataConverter that does not encode messages"),
    );
  }
  const { connection } = client;
  return new CompletionClient({ connection, namespace, identity, dataConverter });
}
