import type { ExecutionStatus } from "../execution/execution.js";
import { ageOf } from "./age-of.js";
import { count } from "./count.js";
import { errorResult } from "./error-result.js";
import type { Counters, KindLabel, OutcomeLabel } from "./instruments.js";
import type { Meter } from "./meter.js";
import { record } from "./record.js";
import type { ReportResult } from "./report-outcome.js";

/** What a report tells of which execution. */
export interface ReportSubject {
  readonly kind: KindLabel;
  readonly outcome: OutcomeLabel;
  readonly status?: ExecutionStatus | undefined;
}

const labels = {
  reported: "reported",
  "already-settled": "already_settled",
  "no-token": "no_token",
} as const satisfies Record<ReportResult, string>;

/** Counts and measures an attempt to report, by what it comes to. */
export async function countReport<R extends ReportResult>(
  meter: Meter | undefined,
  { kind: execution_kind, outcome, status }: ReportSubject,
  attempt: () => Promise<R>,
): Promise<R> {
  const startedAt = performance.now();
  let result: Counters["stigmer_reports"]["result"] = "other";
  try {
    const said = await attempt();
    result = labels[said];
    return said;
  } catch (error) {
    result = errorResult(error);
    throw error;
  } finally {
    const seconds = (performance.now() - startedAt) / 1_000;
    count(meter, "stigmer_reports", { execution_kind, outcome, result });
    record(meter, "stigmer_report_duration", seconds, { execution_kind, outcome, result });
    const age = ageOf(status);
    if ((result === "reported" || result === "already_settled") && age !== undefined) {
      record(meter, "stigmer_execution_age", age, { execution_kind, outcome });
    }
  }
}
