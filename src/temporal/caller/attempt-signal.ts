import type { Context } from "@temporalio/activity";

// What a timer can count to.
const maxMs = 2 ** 31 - 1;

/**
 * Aborted when this attempt of an activity is over: cancelled, or past the time limit. A call that
 * goes on after that could put a dead token in place of the one of the next attempt.
 */
export function attemptSignal(
  { cancellationSignal }: Context,
  limitMs: number,
): { readonly signal: AbortSignal; isTimedOut(): boolean } {
  const timeout = AbortSignal.timeout(Math.min(limitMs || maxMs, maxMs));
  return {
    signal: AbortSignal.any([cancellationSignal, timeout]),
    isTimedOut: () => timeout.aborted,
  };
}
