import type { Execution } from "@stigmer/apis";
import type { HistoryReport } from "./reports-of.js";
import { type CountedValue, totalsOf } from "./values.js";

/** What the workers have counted, beside what was created and what the histories tell. */
export interface Balance {
  readonly lines: readonly string[];
  /** What does not add up. */
  readonly problems: readonly string[];
}

const results: Readonly<Record<string, string>> = {
  reported: "reported",
  "already-settled": "already_settled",
};

/**
 * Compares the metrics with what is known without them, to the last one: each execution was started
 * once, unless whoever has created it died before it could count that; and each report whose result is
 * in a history was counted once, by the attempt that has made it. An attempt that has counted its
 * report, and died before it could tell its server, was made again: these are told apart by their
 * numbers.
 */
export function balanceOf(soak: {
  readonly values: readonly CountedValue[];
  readonly created: readonly Execution[];
  readonly reports: readonly HistoryReport[];
  /** Lines of the workers' logs about a report that nobody has waited for. */
  readonly droppedInLogs: number;
  /** Whether an answer of the execution service may have been lost. */
  readonly mayLoseAnswers: boolean;
}): Balance {
  const { values, created, reports, droppedInLogs, mayLoseAnswers } = soak;
  const problems: string[] = [];
  const handshakes = values.filter(({ name }) => name === "stigmer_handshakes");
  const counted = values.filter(
    ({ name, labels }) =>
      name === "stigmer_reports" && Object.values(results).includes(String(labels.result)),
  );

  let started = 0;
  let uncounted = 0;
  for (const { metadata } of created) {
    const place = metadata?.tags.find((tag) => tag.startsWith("temporal:"));
    const attempts = handshakes.filter(
      ({ from }) => `temporal:${from.runId}/${from.activityId}` === place,
    );
    const starts = attempts.filter(({ labels }) => labels.result === "started").length;
    started += starts;
    if (starts === 1) continue;
    const isFoundByFirst = attempts.some(
      ({ from, labels }) =>
        from.attempt === 1 && (labels.result === "rearmed" || labels.result === "ended"),
    );
    if (starts === 0 && (!isFoundByFirst || mayLoseAnswers)) uncounted++;
    else problems.push(`${metadata?.id}: was counted as started ${starts} times`);
  }

  let again = counted.length;
  for (const { executionId, activityId, attempt, result } of reports) {
    if (result === undefined) continue;
    const ofThis = counted.filter(
      ({ from }) => from.workflowId === executionId && from.activityId === activityId,
    );
    const last = ofThis.filter(({ from }) => from.attempt === attempt);
    again -= last.length;
    if (last.length !== 1 || last[0]?.labels.result !== results[result]) {
      const found = last.map(({ labels }) => labels.result).join();
      problems.push(`${executionId}: ended as ${result}, but its report was counted as: ${found}`);
    }
    if (ofThis.some(({ from }) => (from.attempt ?? 0) > attempt)) {
      problems.push(`${executionId}: a report was counted after its last attempt`);
    }
  }

  const ended = (result: string | undefined) =>
    reports.filter((report) => report.result === result).length;
  const droppedInMetrics = counted.filter(({ labels }) => labels.result === "already_settled");
  if (reports.length !== created.length) {
    problems.push(`expected one report for each of ${created.length}, got ${reports.length}`);
  }
  if (started !== handshakes.filter(({ labels }) => labels.result === "started").length) {
    problems.push("an execution was counted as started that nobody has created");
  }
  if (droppedInMetrics.length !== droppedInLogs) {
    problems.push(`dropped by metrics ${droppedInMetrics.length}, by logs ${droppedInLogs}`);
  }
  const totals = (name: string, label: string) => `    ${name}: ${totalsOf(values, name, label)}`;
  return {
    problems,
    lines: [
      "  metrics of all workers, of the killed ones too:",
      totals("stigmer_handshakes", "result"),
      totals("stigmer_reports", "result"),
      totals("stigmer_heartbeats", "answer"),
      `  executions ${created.length} = started ${started}` +
        ` + ${uncounted} whose creator died, or lost the answer, before it could count`,
      `  executions ${created.length} = reported ${ended("reported")}` +
        ` + dropped ${ended("already-settled")} + failed ${ended(undefined)};` +
        ` ${again} more counted by attempts that died before their result was known`,
    ],
  };
}
