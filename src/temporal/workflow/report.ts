import {
  CancellationScope,
  log,
  metricMeter,
  proxyActivities,
  rootCause,
  workflowInfo,
} from "@temporalio/workflow";
import type { ExecutionStatus } from "../../execution/execution.js";
import { kindOfId } from "../../execution/kinds.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { ageOf } from "../../handshake/age-of.js";
import { failureText } from "../../handshake/failure-text.js";
import { kindLabel } from "../../handshake/instruments.js";
import { record } from "../../handshake/record.js";
import type { CallbackToken } from "../../token/index.js";
import { fitFailure } from "../payload/execution-failure.js";
import { fitStatus, leastStatus } from "../payload/fit-status.js";
import { fitText } from "../payload/fit-text.js";
import { measuring } from "../payload/json-bytes.js";
import { bytesFor } from "../payload/payload-limit.js";
import { resultProblem } from "../payload/result-problem.js";
import type { SystemActivities } from "../runner/index.js";
import { temporalMeter } from "../temporal-meter.js";
import type { CallbackOptions } from "./with-callback.js";

/** Where to report, and how. */
export interface ReportTarget extends Pick<CallbackOptions, "reportTimeout" | "taskQueue"> {
  readonly executionId: string;
  readonly token: CallbackToken;
  readonly payloadLimit: number;
}

/** What the waiting activity is told. */
interface Told {
  readonly outcome: "completed" | "failed" | "cancelled";
  /** Of a failure or a cancellation. */
  readonly message: string;
  readonly status?: ExecutionStatus;
}

/** Reports how the execution has ended. A report that fails is logged, and is no error. */
export function reportStatus(status: ExecutionStatus, target: ReportTarget): Promise<void> {
  const { executionId, payloadLimit } = target;
  const outcome = outcomeOf(status);
  return report(target, () => {
    if (outcome === undefined) {
      return { outcome: "failed", message: `${executionId} ended without a terminal status` };
    }
    if (outcome === "completed") {
      const measure = measuring(status);
      const message = resultProblem(status, measure);
      if (message !== undefined) return { outcome: "failed", message, status: leastStatus(status) };
      return { outcome, message: "", status: fitStatus(status, bytesFor(payloadLimit), measure) };
    }
    const text =
      failureText(status) ||
      `${executionId} ${outcome === "cancelled" ? "was cancelled" : "failed"}`;
    return { outcome, ...fitFailure(text, status, payloadLimit) };
  });
}

/** Reports what the body has thrown: a failure, or a cancellation. */
export function reportError(
  message: string,
  isCancelled: boolean,
  target: ReportTarget,
): Promise<void> {
  const text = fitText(message, target.payloadLimit);
  return report(target, () => ({ outcome: isCancelled ? "cancelled" : "failed", message: text }));
}

function report(target: ReportTarget, tell: () => Told): Promise<void> {
  const { executionId } = target;
  return CancellationScope.nonCancellable(async () => {
    try {
      const told = tell();
      await send(told, target);
      recordAge(told, executionId);
    } catch (error) {
      log.error("the waiting activity could not be told how its execution ended", {
        executionId,
        cause: rootCause(error),
      });
    }
  });
}

function send(
  { outcome, message, status }: Told,
  { executionId, token, reportTimeout = "24h", taskQueue }: ReportTarget,
): Promise<unknown> {
  const { CompleteExternalActivity, CancelExternalActivity, FailExternalActivity } =
    proxyActivities<SystemActivities>({
      scheduleToCloseTimeout: reportTimeout,
      // The connection of a completer tries for 20 seconds; a worker that is killed costs these.
      startToCloseTimeout: "30s",
      retry: { initialInterval: "1s", maximumInterval: "1m" },
      ...(taskQueue !== undefined && { taskQueue }),
    });
  if (outcome === "completed" && status)
    return CompleteExternalActivity(token, status, executionId);
  const reportEnd = outcome === "cancelled" ? CancelExternalActivity : FailExternalActivity;
  return status
    ? reportEnd(token, message, executionId, status)
    : reportEnd(token, message, executionId);
}

/** The activity does so when it is told a status that says when the execution has started. */
function recordAge({ outcome, status }: Told, executionId: string): void {
  if (ageOf(status) !== undefined) return;
  const seconds = (Date.now() - workflowInfo().startTime.getTime()) / 1_000;
  const execution_kind = kindLabel(kindOfId(executionId));
  record(temporalMeter(metricMeter), "stigmer_execution_age", seconds, { execution_kind, outcome });
}
