/** The timestamps of an execution or of one of its tasks. */
interface Span {
  /** RFC 3339; empty before it has begun. */
  readonly startedAt: string;
  /** RFC 3339; empty before it has ended. */
  readonly completedAt: string;
}

/**
 * How long it took, or has been running by now: for example 0.4 s, 42 s, 3 min 5 s, 2 h 10 min,
 * 3 d 4 h. Empty when it has not begun, or when that cannot be told.
 */
export function durationOf({ startedAt, completedAt }: Span, isRunning: boolean): string {
  const start = Date.parse(startedAt);
  if (completedAt !== "") return format(Date.parse(completedAt) - start);
  // Whole seconds, for it is shown once a second; none below zero, for two clocks may differ.
  return isRunning ? format(Math.max(0, Math.floor((Date.now() - start) / 1000) * 1000)) : "";
}

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

function format(ms: number): string {
  if (!(ms >= 0)) return "";
  if (ms < 9_950) return `${Math.round(ms / 100) / 10} s`;
  let rest = Math.round(ms / 1000);
  const largest = units.findIndex(([seconds]) => rest >= seconds);
  return units
    .slice(largest, largest + 2)
    .map(([seconds, name]) => {
      const count = Math.floor(rest / seconds);
      rest %= seconds;
      return count === 0 ? "" : `${count} ${name}`;
    })
    .filter((part) => part !== "")
    .join(" ");
}
