import { create } from "@bufbuild/protobuf";
import { Context, heartbeat, log } from "@temporalio/activity";
import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { equalBytes } from "../../equal-bytes.js";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { kindOfId } from "../../execution/kinds.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { schemas } from "../../execution/schemas.js";
import { failureText } from "../../handshake/failure-text.js";
import {
  type ActivityCompleter,
  type ExecutionReader,
  HandshakeError,
  type HandshakeErrorCode,
  type Settlement,
} from "../../handshake/index.js";
import { readToken } from "../../handshake/read-token.js";
import { settle } from "../../handshake/settle.js";
import { isTransient } from "../../handshake/status-code.js";
import {
  type CallbackToken,
  callbackToken,
  describeCallbackToken,
  formatCallbackToken,
  parseCallbackToken,
} from "../../token/index.js";
import { ExecutionPhase } from "../../workflowexecution/v1.js";
import { converterMissing } from "../converter-missing.js";
import type { ExecutionReaders } from "../execution-clients.js";
import { isBytes } from "../is-bytes.js";
import { failedWithoutText } from "../payload/execution-failure.js";
import { executionIdIn, type GoReport, goErrorText, withoutGoSecrets } from "./go-report.js";
import type { TemporalCompleter } from "./temporal-completer.js";

/**
 * What became of a report: it has ended the waiting activity, or the activity had ended before, or
 * is gone.
 */
export type ExternalReport = "reported" | "already-settled";

/**
 * What there is to do about the caller: it wants the execution cancelled, so many heartbeats in a row
 * have found no activity, or its activity was retried and waits under this token (in Base64) now.
 */
export type HeartbeatNews = "cancel-requested" | "caller-gone" | { readonly rearmed: string };

/** Which news a heartbeat waits for. */
export interface HeartbeatOptions {
  /** How many heartbeats in a row may find no activity; without it, any number. */
  readonly maxMissed?: number | undefined;
  /** Set when the caller has been heard to want the cancellation, so that it is no news any more. */
  readonly isCancelling?: boolean;
}

/**
 * The activities of a runner: each speaks for an execution to the activity that waits for it. The
 * token is that of the spec as the runner got it. With the id of the execution, a report finds a
 * newer token, of a caller whose activity was retried; workers of other languages leave it out.
 *
 * They fail without retry: with type `InvalidToken` for bytes that are no token of the server, and
 * with type `TooLarge` for what the server does not take.
 */
export interface SystemActivities {
  /** Completes the waiting activity with the execution's status as its result. */
  CompleteExternalActivity(
    token: Uint8Array,
    status: ExecutionStatus,
    executionId?: string,
  ): Promise<ExternalReport>;

  /** Fails the waiting activity with this message, and the status, if there is one, as the detail. */
  FailExternalActivity(
    token: Uint8Array,
    message: string,
    executionId?: string,
    status?: ExecutionStatus,
  ): Promise<ExternalReport>;

  /** Reports to the waiting activity that its execution was cancelled, as with a failure. */
  CancelExternalActivity(
    token: Uint8Array,
    message: string,
    executionId?: string,
    status?: ExecutionStatus,
  ): Promise<ExternalReport>;

  /**
   * Tells the waiting activity, once, that its execution goes on, with `{ executionId }` as the
   * heartbeat details. Returns only when there is news of the caller. Else the attempt fails, and the
   * retry policy makes the next heartbeat: its interval, with a coefficient of 1. So the heartbeats
   * of days take one event of the history and hold no worker (Temporal, "Infrequently polling
   * Activity"). Each is one call to the caller's server; the execution is read only when that has
   * found no activity.
   */
  HeartbeatExternalActivity(
    token: Uint8Array,
    executionId: string,
    options?: HeartbeatOptions,
  ): Promise<HeartbeatNews>;

  /**
   * What Stigmer's workflows in Go call to report: completes the waiting activity with `Result` as
   * plain JSON, without the token and the secrets that a whole execution in Go's JSON has in it. It
   * fails or cancels the activity when `Error` is not null, and also when the execution that `Result`
   * is has failed or was cancelled, which Go reports as a success. Does nothing without a token.
   */
  "stigmer/system/complete-external-activity"(report: GoReport): Promise<void>;
}

// Less than the time that an activity of `withCallback` has, so that the heartbeat is made.
const readTimeoutMs = 3_000;

/**
 * The activities of a runner's worker, which `withCallback` calls. `completer` reaches the server of
 * the caller; reports of Stigmer's workflows in Go need a `TemporalCompleter`. `executions` must be
 * allowed to read tokens. Only descriptions of tokens are logged.
 */
export function createSystemActivities({
  completer,
  executions,
}: {
  completer: ActivityCompleter & Partial<TemporalCompleter>;
  executions: ExecutionReaders;
}): SystemActivities {
  const readerOf = (id: string): ExecutionReader<Execution> =>
    (kindOfId(id) === "AgentExecution" ? executions.agent : executions.workflow)
      .queries as ExecutionReader<Execution>;

  async function report(
    bytes: Uint8Array,
    executionId: string | undefined,
    send: (token: CallbackToken) => Promise<Settlement>,
  ): Promise<ExternalReport> {
    // The one that the last call was made with.
    let token = tokenOf(bytes);
    const result = await refusing(() =>
      settle(
        token,
        (current) => {
          token = current;
          return send(current);
        },
        async () => (executionId ? readToken(readerOf(executionId), executionId) : undefined),
      ),
    );
    const fields = { executionId, callbackToken: describeCallbackToken(token) };
    if (result === "reported") log.info("reported to the waiting activity", fields);
    else log.warn("no activity waits for this report; dropped", fields);
    return result;
  }

  const fail = (
    token: Uint8Array,
    message: string,
    executionId: string | undefined,
    status = statusOf(executionId, ExecutionPhase.EXECUTION_FAILED, message),
  ) => report(token, executionId, (token) => completer.fail(token, { message, status }));

  const cancel = (
    token: Uint8Array,
    message: string,
    executionId: string | undefined,
    status = statusOf(executionId, ExecutionPhase.EXECUTION_CANCELLED, message),
  ) =>
    report(token, executionId, (token) =>
      completer.reportCancellation(token, status.error ? status : { ...status, error: message }),
    );

  return {
    CompleteExternalActivity: (token, status, executionId) =>
      report(token, executionId, (token) =>
        completer.complete(
          token,
          status,
          executionId ? () => readerOf(executionId).get({ value: executionId }) : undefined,
        ),
      ),

    FailExternalActivity: fail,

    CancelExternalActivity: cancel,

    async HeartbeatExternalActivity(bytes, executionId, { maxMissed, isCancelling = false } = {}) {
      const token = tokenOf(bytes);
      const beat = (token: CallbackToken) =>
        refusing(() => completer.heartbeat(token, { executionId }));
      let answer = await beat(token);
      if (answer === "not-found") {
        const newer = await readNewerToken(readerOf(executionId), executionId, token);
        if (newer !== undefined) {
          answer = await beat(newer);
          if (answer !== "not-found") return { rearmed: formatCallbackToken(newer) };
        }
      }
      if (answer === "cancel-requested" && !isCancelling) return answer;
      if (maxMissed !== undefined) {
        const news = countMissed(answer === "not-found", maxMissed);
        if (news !== undefined) return news;
      }
      throw ApplicationFailure.create({
        type: "ExecutionGoesOn",
        message: "the next attempt is the next heartbeat",
        category: ApplicationFailureCategory.BENIGN,
      });
    },

    async "stigmer/system/complete-external-activity"({ CallbackToken, Result, Error: error }) {
      if (!CallbackToken) return;
      const token = tokenIn(CallbackToken);
      const executionId = executionIdIn(Result);
      const status = executionId && (await readStatus(readerOf(executionId), executionId));
      const said = goErrorText(error) || (status && failureText(status)) || "";
      const text = said || failedWithoutText;
      const outcome = status ? outcomeOf(status) : undefined;
      if (status && outcome === "cancelled") await cancel(token, said, executionId, status);
      else if (status && outcome === "failed") await fail(token, text, executionId, status);
      else if (error !== null && error !== undefined) await fail(token, text, executionId);
      else {
        const { completeWithJson } = completer;
        if (completeWithJson === undefined) throw new TypeError("expected a TemporalCompleter");
        const result = withoutGoSecrets(Result ?? null);
        await report(token, executionId, (token) =>
          completeWithJson.call(completer, token, result),
        );
      }
    },
  };
}

/** The token of the execution when it is another than this one; undefined also when nobody can tell. */
async function readNewerToken(
  reader: ExecutionReader<Execution>,
  executionId: string,
  token: CallbackToken,
): Promise<CallbackToken | undefined> {
  try {
    const newer = await readToken(bounded(reader), executionId);
    return newer === undefined || equalBytes(newer, token) ? undefined : newer;
  } catch {
    // The caller waits for the heartbeats, and not for what this would add to them.
    return undefined;
  }
}

async function readStatus(
  reader: ExecutionReader<Execution>,
  executionId: string,
): Promise<ExecutionStatus | undefined> {
  try {
    return (await bounded(reader).get({ value: executionId })).status;
  } catch (error) {
    // The report is made again; a failure must not pass for a success because the service is away.
    if (isTransient(error)) throw error;
    return undefined;
  }
}

function bounded(reader: ExecutionReader<Execution>): ExecutionReader<Execution> {
  return {
    get: (request, options) =>
      reader.get(request, { ...options, signal: AbortSignal.timeout(readTimeoutMs) }),
  };
}

/** Once is no proof that the caller is gone: it may be between two attempts, and re-arm with the next. */
function countMissed(isMissed: boolean, maxMissed: number): "caller-gone" | undefined {
  const before: number = Context.current().info.heartbeatDetails?.missed ?? 0;
  const missed = isMissed ? before + 1 : 0;
  if (missed >= maxMissed) return "caller-gone";
  heartbeat({ missed });
  return undefined;
}

function statusOf(
  executionId: string | undefined,
  phase: ExecutionPhase.EXECUTION_FAILED | ExecutionPhase.EXECUTION_CANCELLED,
  error: string,
): ExecutionStatus {
  // The phases of both kinds have the same numbers; a test holds this.
  const kind = kindOfId(executionId ?? "") ?? "WorkflowExecution";
  return create(schemas[kind].status, { phase, error } as never) as ExecutionStatus;
}

function tokenOf(bytes: Uint8Array): CallbackToken {
  if (!isBytes(bytes) && typeof bytes === "object") {
    throw converterMissing("callback token", "an object in place of its bytes");
  }
  return refusingBadToken(() => callbackToken(bytes));
}

function tokenIn(base64: string): CallbackToken {
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

/** Makes an error that every other try would meet again one that is not retried. */
async function refusing<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const type = error instanceof HandshakeError ? refusalTypes[error.code] : undefined;
    if (type === undefined) throw error;
    throw ApplicationFailure.nonRetryable((error as HandshakeError).message, type);
  }
}
