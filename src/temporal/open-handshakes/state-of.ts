import type { HandshakeState, OpenHandshake } from "./open-handshake.js";
import type { PendingWait } from "./pending-wait.js";
import type { SeenExecution } from "./read-execution.js";
import type { RunnerReport } from "./runner-report.js";

export type StateAndDetail = Pick<OpenHandshake, "state" | "detail">;

/** What an execution that nobody has begun may take until it counts as left alone. */
const beginsWithinMs = 60_000;

/**
 * How it stands with a caller that waits. `seen` is undefined when there is no service to ask, or no id
 * to ask it for. Asks for the report of the runner only where something is wrong.
 */
export async function stateOf(
  wait: PendingWait,
  seen: SeenExecution | undefined,
  runnerReport: (seen: SeenExecution | undefined) => Promise<RunnerReport | undefined>,
  now: number,
): Promise<StateAndDetail> {
  if (wait.isUntaken === "paused") return { state: "no-caller", detail: "its activity is paused" };
  if (wait.isUntaken) return { state: "no-caller" };
  if (wait.failure && (wait.isBetweenAttempts || !wait.executionId)) {
    return { state: "caller-failing", detail: wait.failure };
  }
  if (wait.unreadable) return { state: "unknown", detail: wait.unreadable };
  if (seen === "deleted") return { state: "deleted" };
  if (seen && "unreadable" in seen) return { state: "unknown", detail: seen.unreadable };
  if (seen?.hasEnded) return unreported(await runnerReport(seen));
  if (seen?.token === "absent") return { state: "no-token" };

  const isNotBegun = seen !== undefined && !seen.hasBegun;
  const waitedMs = now - (wait.waitingSince?.getTime() ?? now);
  const isLeftAlone = isNotBegun && !wait.isHeard && waitedMs > beginsWithinMs;
  if (!wait.isSilent && !isLeftAlone) return { state: "healthy" };
  return silent(isNotBegun ? "no-runner" : "no-heartbeat", await runnerReport(seen));
}

function unreported(report: RunnerReport | undefined): StateAndDetail {
  const { state = "not-reported", detail } = report?.problem ?? {};
  return detail === undefined ? { state } : { state, detail };
}

function silent(
  found: Extract<HandshakeState, "no-runner" | "no-heartbeat">,
  report: RunnerReport | undefined,
): StateAndDetail {
  if (report?.problem) return { state: found, ...definedIn(report.problem) };
  if (report?.endedAs === undefined) return { state: found };
  return { state: "no-runner", detail: `its workflow ${report.workflowId} is ${report.endedAs}` };
}

function definedIn({ state, detail }: NonNullable<RunnerReport["problem"]>) {
  return { ...(state && { state }), detail };
}
