import type { ExecutionStatus } from "../execution/execution.js";

/** The age of an execution in seconds; undefined when its status does not say when it has started. */
export function ageOf(status: ExecutionStatus | undefined): number | undefined {
  const text = status?.startedAt ?? "";
  // Existing services write UTC without saying so.
  const startedAt = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  // Of a clock that is ahead of this one.
  return Number.isNaN(startedAt) ? undefined : Math.max(0, (Date.now() - startedAt) / 1_000);
}
