import type { Duration } from "@temporalio/common";
import {
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  rootCause,
  sleep,
  TemporalFailure,
} from "@temporalio/workflow";
import type { ExecutionStatus } from "../../execution.js";
import { outcomeOf } from "../../handshake/outcome-of.js";
import type { CallbackToken } from "../../token/index.js";
import type { SystemActivities } from "../runner/system-activities.js";

/** What a runner's workflow knows of the activity that waits for its execution. */
export interface WaitingCaller {
  /** `metadata.id` of the execution: the runner reads it again to find a newer token. */
  readonly executionId: string;
  /** Absent when nobody waits. */
  readonly callbackToken?: CallbackToken | undefined;
}

/** How the waiting activity is heartbeated and told of the end. */
export interface CallbackOptions {
  /**
   * For how long a report is tried again while the caller's server cannot be reached; 24 hours by
   * default. The workflow stays open until then.
   */
  readonly reportTimeout?: Duration;

  /**
   * Between two heartbeats of the waiting activity; 10 seconds by default. A cancellation of the
   * caller is noticed with the next one. Less than half of the activity's heartbeat timeout.
   */
  readonly heartbeatInterval?: Duration;

  /**
   * Cancels the body when so many heartbeats in a row have found no activity: more than the caller's
   * server makes between two attempts. Without it, the body goes on.
   */
  readonly maxMissedHeartbeats?: number;
}

/**
 * Runs the body of a workflow that runs an execution, and reports its end to the activity that
 * waits for it: a status that is COMPLETED completes the activity, FAILED or a failure that the body
 * throws fails it, CANCELLED or a cancellation of the workflow reports the cancellation. While the
 * body runs, the activity is heartbeated; when its caller wants to cancel, the body is cancelled.
 * Without a token, it only runs the body.
 *
 * The body publishes the terminal status before it ends, in a non-cancellable scope when it is
 * cancelled: a caller that is retried in between is found by the report, or finds the status.
 *
 * Returns what the body returns, and throws what it throws. An error that is no `TemporalFailure`
 * does not end a workflow and is not reported. A report that fails is logged and changes nothing of
 * that. Needs the activities of `createSystemActivities` on the workflow's own task queue.
 */
export async function withCallback<S extends ExecutionStatus>(
  { executionId, callbackToken: token }: WaitingCaller,
  body: () => Promise<S>,
  { reportTimeout = "24h", heartbeatInterval = "10s", maxMissedHeartbeats }: CallbackOptions = {},
): Promise<S> {
  if (token === undefined) return body();
  const reports = proxyActivities<SystemActivities>({
    scheduleToCloseTimeout: reportTimeout,
    // The connection of a completer tries for 20 seconds; a worker that is killed costs these.
    startToCloseTimeout: "30s",
    retry: { initialInterval: "1s", maximumInterval: "1m" },
  });
  const { HeartbeatExternalActivity } = proxyActivities<SystemActivities>({
    startToCloseTimeout: "10s",
    retry: { initialInterval: heartbeatInterval, backoffCoefficient: 1 },
  });
  const report = (send: () => Promise<unknown>) =>
    CancellationScope.nonCancellable(async () => {
      try {
        await send();
      } catch (error) {
        log.error("the waiting activity could not be told how its execution ended", {
          executionId,
          cause: rootCause(error),
        });
      }
    });

  const bodyScope = new CancellationScope();
  const heartbeats = new CancellationScope();
  heartbeats
    .run(async () => {
      // The caller has just made one, and what ends before the next is spared an activity.
      await sleep(heartbeatInterval);
      const answer = await HeartbeatExternalActivity(token, executionId, maxMissedHeartbeats);
      log.info("cancelling the execution", { executionId, reason: answer });
      bodyScope.cancel();
    })
    .catch((error: unknown) => {
      if (isCancellation(error)) return;
      log.error("heartbeats of the waiting activity have ended", {
        executionId,
        cause: rootCause(error),
      });
    });

  let status: S;
  try {
    status = await bodyScope.run(body);
  } catch (error) {
    // Fails the workflow's task, which is tried again when the code is mended: nothing has ended.
    if (!(error instanceof TemporalFailure)) throw error;
    heartbeats.cancel();
    const message = rootCause(error) ?? String(error);
    await report(() =>
      isCancellation(error)
        ? reports.CancelExternalActivity(token, message, executionId)
        : reports.FailExternalActivity(token, message, executionId),
    );
    throw error;
  }
  heartbeats.cancel();
  await report(() => {
    const { error } = status;
    switch (outcomeOf(status)) {
      case "completed":
        return reports.CompleteExternalActivity(token, status, executionId);
      case "cancelled":
        return reports.CancelExternalActivity(
          token,
          error || `${executionId} was cancelled`,
          executionId,
          status,
        );
      case "failed":
        return reports.FailExternalActivity(
          token,
          error || `${executionId} failed`,
          executionId,
          status,
        );
      default:
        return reports.FailExternalActivity(
          token,
          `${executionId} ended without a terminal status`,
          executionId,
        );
    }
  });
  return status;
}
