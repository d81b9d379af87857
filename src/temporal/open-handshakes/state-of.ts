import type { HandshakeState, OpenHandshake } from "./open-handshake.js";
import type { PendingWait } from "./pending-wait.js";
import type { SeenExecution } from "./read-execution.js";
import type { RunnerReport } from "./runner-report.js";

/** What an execution that nobody has begun may take until it counts as left alone. */
const beginsWithinMs = 60_000;

/**
 * How it stands with a caller that waits. `seen` is undefined when there is no service to ask, or no id
 * to ask it for. Asks the runner only where something is wrong; its answer is undefined without an id.
 */
export async function stateOf(
  wait: PendingWait,
  seen: SeenExecution | undefined,
  askRunner: () => Promise<RunnerReport | undefined>,
  now: number,
): Promise<Pick<OpenHandshake, "state" | "detail">> {
  if (wait.untaken === "paused") return { state: "no-caller", detail: "its activity is paused" };
  if (wait.untaken) return { state: "no-caller" };
  if (wait.failure && (wait.isBetweenAttempts || !wait.executionId)) {
    return { state: "caller-failing", detail: wait.failure };
  }
  if (wait.unreadable) return { state: "unknown", detail: wait.unreadable };
  if (seen === "deleted") return { state: "deleted" };
  if (seen && "unreadable" in seen) return { state: "unknown", detail: seen.unreadable };
  if (seen?.hasEnded) return withReport("not-reported", await askRunner());
  if (seen?.token === "absent") return { state: "no-token" };

  const isNotBegun = seen !== undefined && !seen.hasBegun;
  const waitedMs = now - (wait.waitingSince?.getTime() ?? now);
  const isLeftAlone = isNotBegun && !wait.isHeard && waitedMs > beginsWithinMs;
  if (!wait.isSilent && !isLeftAlone) return { state: "healthy" };
  const report = await askRunner();
  return withReport(isNotBegun || report?.hasEnded ? "no-runner" : "no-heartbeat", report);
}

function withReport(found: HandshakeState, report: RunnerReport | undefined) {
  if (report === undefined) return { state: found };
  return { state: report.state ?? found, detail: report.detail };
}
