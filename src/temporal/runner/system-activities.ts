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
