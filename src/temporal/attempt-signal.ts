import type { Context } from "@temporalio/activity";

// What a timer can count to.
const maxMs = 2 ** 31 - 1;

/**
 * Aborted when this attempt of an activity is over: cancelled, or timed out. A call that goes on
 * after that could put a dead token in place of the one of the next attempt.
 */
export function attemptSignal({ info, cancellationSignal }: Context): AbortSignal {
  const limits = [info.startToCloseTimeoutMs, info.heartbeatTimeoutMs].filter((ms) => !!ms);
  const timeout = AbortSignal.timeout(Math.min(maxMs, ...(limits as number[])));
  return AbortSignal.any([cancellationSignal, timeout]);
}
