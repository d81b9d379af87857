import { create, type JsonValue, toJson } from "@bufbuild/protobuf";
import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  AsyncCompletionClient,
  type Client,
  isGrpcServiceError,
} from "@temporalio/client";
import { NamespaceNotFoundError } from "@temporalio/common";
import type { ExecutionStatus } from "../../execution/execution.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { schemaOf } from "../../execution/schemas.js";
import { type ActivityCompleter, HandshakeError, type Settlement } from "../../handshake/index.js";
import { isTooLarge } from "../../handshake/status-code.js";
import type { CallbackToken } from "../../token/index.js";
import { WorkflowExecutionStatusSchema } from "../../workflowexecution/v1.js";
import { withoutConverter } from "../converter-missing.js";
import { type ExecutionFailureType, executionFailure } from "../payload/execution-failure.js";
import { fitStatus } from "../payload/fit-status.js";
import { jsonBytesOf } from "../payload/json-bytes.js";
import { bytesFor, defaultPayloadLimit, textBytes } from "../payload/payload-limit.js";
import { resultProblem } from "../payload/result-problem.js";
import { wholeExecution } from "./whole-execution.js";

// gRPC, "Status codes and their use in gRPC".
const invalidArgument = 3;
const deadlineExceeded = 4;
const notFound = 5;

// Less than any server's limit.
const leastLimit = 64 * 1024;

// What a gRPC server takes by default, Temporal's too.
const largeBytes = bytesFor(4 * 1024 * 1024);
const largeMessageMs = 4_000;

/** As the SDK's own, which tells a bad token and a server that is down apart by their text alone. */
class CompletionClient extends AsyncCompletionClient {
  protected override handleError(error: unknown): never {
    if (!isGrpcServiceError(error) || error.code === notFound) super.handleError(error);
    throw error;
  }
}

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
 * Ends activities that wait on Temporal, through the namespace of `client`, which must be that of
 * the activities: where the runner has a server or a namespace of its own, it is not the client that
 * starts the runner's workflows. Both need the payload converter of this package.
 *
 * COMPLETED completes the activity with the status. FAILED fails it with an `ApplicationFailure` of
 * type `ExecutionFailed`, which is not retried and has the status as its detail; its text is the
 * message, and stands nowhere else. CANCELLED reports the cancellation when the caller has asked for
 * it, and else fails the activity with type `ExecutionCancelled`, in the same way.
 *
 * Nothing is sent that is larger than `payloadLimit`: of a status, one part after the other is cut
 * until it fits, and of a failure the text is shortened last. A result that has no JSON form, such as
 * NaN in its output, fails the activity with type `ExecutionResultInvalid`, which names the field.
 *
 * A server that cannot be reached is tried again by the connection of the client, with backoff, for
 * about 20 seconds (`makeGrpcRetryInterceptor`); then it is a `HandshakeError` with code
 * `unavailable`. So is a namespace that the server does not know, which somebody has to correct. Where
 * the server finds it too large in spite of `payloadLimit`, the least is reported: the phase and the
 * beginning of the text. What not even that helps is one with code `too-large`.
 *
 * Throws a `TypeError` when the client cannot encode messages.
 */
export function temporalCompleter(
  client: Client,
  { result: form = "status", payloadLimit = defaultPayloadLimit }: TemporalCompleterOptions = {},
): TemporalCompleter {
  const { namespace, identity, dataConverter, loadedDataConverter } = client.options;
  const probe = create(WorkflowExecutionStatusSchema);
  const metadata = loadedDataConverter.payloadConverter.toPayload(probe)?.metadata ?? {};
  if (metadata.messageType === undefined) {
    throw new TypeError(
      withoutConverter("client", "a dataConverter that does not encode messages"),
    );
  }
  const { connection } = client;
  const completion = new CompletionClient({ connection, namespace, identity, dataConverter });
  const room = bytesFor(payloadLimit);

  async function settle(token: CallbackToken, report: () => Promise<void>): Promise<Settlement> {
    try {
      await report();
      return "settled";
    } catch (error) {
      if (error instanceof ActivityNotFoundError) return "not-found";
      throw handshakeError(error, token);
    }
  }

  /** Makes a report about this status and, where that is too large for the server, the least one. */
  async function settleFitted(
    token: CallbackToken,
    status: ExecutionStatus,
    report: () => Promise<void>,
    reportLeast: () => Promise<void>,
  ): Promise<Settlement> {
    const isLarge = room > largeBytes && jsonBytesOf(status) > largeBytes;
    try {
      return await settle(token, isLarge ? () => inTime(report) : report);
    } catch (error) {
      if (!(error instanceof HandshakeError) || error.code !== "too-large") throw error;
      // The server's limit is lower than `payloadLimit`: the outcome at least is not lost.
      return settle(token, reportLeast);
    }
  }

  // The connection tries again for 40 seconds what a server finds too large.
  async function inTime(report: () => Promise<void>): Promise<void> {
    try {
      await completion.withDeadline(Date.now() + largeMessageMs, report);
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== deadlineExceeded) throw error;
      const text = `expected Temporal to take more than 4 MiB within ${largeMessageMs} ms`;
      throw new HandshakeError("too-large", text, { cause: error });
    }
  }

  const fail = (
    token: CallbackToken,
    type: ExecutionFailureType,
    status: ExecutionStatus,
    message?: string,
  ) => {
    const failWithin = (payloadLimit: number) => () => {
      const failure = { message, payloadLimit, asJson: form === "json" };
      return completion.fail(token, executionFailure(type, status, failure));
    };
    return settleFitted(token, status, failWithin(payloadLimit), failWithin(leastLimit));
  };

  const statusIn = (bytes: number) => (status: ExecutionStatus) => {
    const fitted = fitStatus(status, bytes);
    return form === "json" ? toJson(schemaOf(fitted), fitted as never) : fitted;
  };

  const fittedStatus = statusIn(room);
  const leastStatus = statusIn(0);

  return {
    async complete(token, status, readExecution) {
      const problem = resultProblem(status);
      if (problem !== undefined) {
        return fail(token, "ExecutionResultInvalid", status, problem);
      }
      const isWhole = form === "execution";
      const result = isWhole
        ? wholeExecution(status, await readExecution?.(), room)
        : fittedStatus(status);
      return settleFitted(
        token,
        status,
        () => completion.complete(token, result),
        () => {
          const least = isWhole ? wholeExecution(status, undefined, 0) : leastStatus(status);
          return completion.complete(token, least);
        },
      );
    },

    completeWithJson: (token, value) => {
      const complete = () => completion.complete(token, value);
      const isLarge = textBytes(JSON.stringify(value)) > largeBytes;
      return settle(token, isLarge ? () => inTime(complete) : complete);
    },

    fail: (token, { message, status }) => {
      const isCompleted = outcomeOf(status) === "completed";
      return fail(
        token,
        isCompleted ? "ExecutionResultInvalid" : "ExecutionFailed",
        status,
        message,
      );
    },

    async reportCancellation(token, status) {
      try {
        return await settleFitted(
          token,
          status,
          () => completion.reportCancellation(token, fittedStatus(status)),
          () => completion.reportCancellation(token, leastStatus(status)),
        );
      } catch (error) {
        if (!(error instanceof HandshakeError) || error.code !== "invalid-token") throw error;
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

/** With the server's text, which may quote ids out of the token: a namespace that it does not know. */
function handshakeError(error: unknown, token: CallbackToken): unknown {
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
