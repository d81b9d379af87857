/** Milliseconds that a wait between two tries may last. */
export const longestBackoff = 10_000;

/**
 * Milliseconds to wait before the next try: a random part of 100 ms, doubled with every failure in a
 * row up to 10 s, so that many callers do not come back at the same moment.
 */
export function backoff(failures: number): number {
  return Math.random() * Math.min(longestBackoff, 100 * 2 ** failures);
}
