import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { kindOfId } from "../../execution/kinds.js";
import type { ActivityCompleter, ExecutionQueries } from "../../handshake/index.js";
import type { ExecutionReaders } from "../execution-clients.js";
import type { GoReport } from "./go-report.js";
import { goReporting } from "./go-reporting.js";
import { type HeartbeatNews, type HeartbeatOptions, heartbeating } from "./heartbeating.js";
import { type ExternalReport, reporting } from "./reporting.js";
import type { TemporalCompleter } from "./temporal-completer.js";

/**
 * The activities of a runner: each speaks for an execution to the activity that waits for it. The
 * token is that of the spec as the runner got it. Given the id of the execution, a report finds the
 * newer token of a caller whose activity was retried; workers of other languages leave the id out.
 *
 * They fail, and are not retried, with type `InvalidToken` for bytes that are no token of the server,
 * and with type `TooLarge` for what the server does not take.
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
   * heartbeat details. Returns only if there is news of the caller. Otherwise the attempt fails, and the
   * next one, made by the retry policy with a coefficient of 1, is the next heartbeat. Days of heartbeats
   * thus take one event of the history and hold no worker (Temporal, "Infrequently polling Activity").
   * Each makes one call to the caller's server; the execution is read only if that finds no activity.
   */
  HeartbeatExternalActivity(
    token: Uint8Array,
    executionId: string,
    options?: HeartbeatOptions,
  ): Promise<HeartbeatNews>;

  /**
   * What Stigmer's workflows in Go call to report: completes the waiting activity with `Result` as
   * plain JSON, without the token and the secrets that a whole execution in Go's JSON contains. It fails
   * or cancels the activity if `Error` is not null, and also if the execution in `Result` has failed or
   * was cancelled, which Go reports as a success. Does nothing without a token.
   */
  "stigmer/system/complete-external-activity"(report: GoReport): Promise<void>;
}

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
  const queriesOf = (id: string): ExecutionQueries<Execution> =>
    (kindOfId(id) === "AgentExecution" ? executions.agent : executions.workflow)
      .queries as ExecutionQueries<Execution>;
  const reports = reporting(completer, queriesOf);
  return {
    CompleteExternalActivity: reports.complete,
    FailExternalActivity: reports.fail,
    CancelExternalActivity: reports.cancel,
    HeartbeatExternalActivity: heartbeating(completer, queriesOf),
    "stigmer/system/complete-external-activity": goReporting(completer, queriesOf, reports),
  };
}
