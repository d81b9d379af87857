import { create } from "@bufbuild/protobuf";
import { Context, heartbeat, log } from "@temporalio/activity";
import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { AgentExecutionStatusSchema } from "../../agentexecution/v1.js";
import type { Execution, ExecutionStatus } from "../../execution.js";
import {
  type ActivityCompleter,
  type ExecutionReader,
  HandshakeError,
  type Settlement,
} from "../../handshake/index.js";
import { readToken } from "../../handshake/read-token.js";
import { settle } from "../../handshake/settle.js";
import {
  type CallbackToken,
  callbackToken,
  describeCallbackToken,
  getCallbackToken,
} from "../../token/index.js";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "../../workflowexecution/v1.js";
import type { ExecutionReaders } from "../execution-clients.js";

/**
 * What became of a report: it has ended the waiting activity, or the activity had ended before, or
 * is gone.
 */
export type ExternalReport = "reported" | "already-settled";

/**
 * The activities of a runner: each speaks for an execution to the activity that waits for it. The
 * token is that of the spec as the runner got it. With the id of the execution, a report finds a
 * newer token, of a caller whose activity was retried; workers of other languages leave it out.
 *
 * They fail with type `InvalidToken`, without retry, for bytes that are no token of the server.
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
   * Tells the waiting activity, once, that its execution goes on, with `{ executionId, phase }` as
   * the heartbeat details. Returns only what there is to do about the caller: that it wants the
   * execution cancelled or, given `maxMissed`, that so many heartbeats in a row have found no
   * activity. Else the attempt fails, and the retry policy makes the next heartbeat: its interval, with a coefficient of
   * 1. So the heartbeats of days take one event of the history and hold no worker (Temporal,
   * "Infrequently polling Activity").
   */
  HeartbeatExternalActivity(
    token: Uint8Array,
    executionId: string,
    maxMissed?: number,
  ): Promise<"cancel-requested" | "caller-gone">;
}

/**
 * The activities of a runner's worker, which `withCallback` calls. `completer` reaches the server of
 * the caller; `executions` must be allowed to read tokens. Only descriptions of tokens are logged.
 */
export function createSystemActivities({
  completer,
  executions,
}: {
  completer: ActivityCompleter;
  executions: ExecutionReaders;
}): SystemActivities {
  const readerOf = (id: string): ExecutionReader<Execution> =>
    (isAgent(id) ? executions.agent : executions.workflow).queries as ExecutionReader<Execution>;

  async function report(
    bytes: Uint8Array,
    executionId: string | undefined,
    send: (token: CallbackToken) => Promise<Settlement>,
  ): Promise<ExternalReport> {
    // The one that the last call was made with.
    let token = tokenOf(bytes);
    const result = await refusingInvalid(() =>
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

  return {
    CompleteExternalActivity: (token, status, executionId) =>
      report(token, executionId, (token) => completer.complete(token, status)),

    FailExternalActivity: (token, message, executionId, status) =>
      report(token, executionId, (token) =>
        completer.fail(token, {
          message,
          status: status ?? statusOf(executionId, ExecutionPhase.EXECUTION_FAILED, message),
        }),
      ),

    CancelExternalActivity: (token, message, executionId, status) =>
      report(token, executionId, (token) =>
        completer.reportCancellation(
          token,
          status ?? statusOf(executionId, ExecutionPhase.EXECUTION_CANCELLED, message),
        ),
      ),

    async HeartbeatExternalActivity(bytes, executionId, maxMissed) {
      const given = tokenOf(bytes);
      // The caller waits for the heartbeat, and not for what this would add to it.
      const execution = await readerOf(executionId)
        .get({ value: executionId })
        .catch(() => undefined);
      const token = (execution && getCallbackToken(execution)) ?? given;
      const phase = ExecutionPhase[execution?.status?.phase ?? 0];
      const answer = await refusingInvalid(() =>
        completer.heartbeat(token, { executionId, ...(execution && { phase }) }),
      );
      if (answer === "cancel-requested") return answer;
      // Once is no proof: the caller may be between two attempts, and re-arm with the next one.
      const before: number = Context.current().info.heartbeatDetails?.missed ?? 0;
      const missed = answer === "not-found" ? before + 1 : 0;
      if (maxMissed !== undefined && missed >= maxMissed) return "caller-gone";
      heartbeat({ missed });
      throw ApplicationFailure.create({
        type: "ExecutionGoesOn",
        message: "the next attempt is the next heartbeat",
        category: ApplicationFailureCategory.BENIGN,
      });
    },
  };
}

function statusOf(
  executionId: string | undefined,
  phase: ExecutionPhase.EXECUTION_FAILED | ExecutionPhase.EXECUTION_CANCELLED,
  error: string,
): ExecutionStatus {
  // The phases of both kinds have the same numbers; a test holds this.
  return isAgent(executionId)
    ? create(AgentExecutionStatusSchema, { phase: phase as number, error })
    : create(WorkflowExecutionStatusSchema, { phase, error });
}

function isAgent(executionId: string | undefined): boolean {
  return executionId?.startsWith("aex") ?? false;
}

function tokenOf(bytes: Uint8Array): CallbackToken {
  try {
    return callbackToken(bytes);
  } catch (error) {
    throw ApplicationFailure.nonRetryable(
      error instanceof Error ? error.message : String(error),
      "InvalidToken",
    );
  }
}

async function refusingInvalid<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof HandshakeError) || error.code !== "invalid-token") throw error;
    throw ApplicationFailure.nonRetryable(error.message, "InvalidToken");
  }
}
