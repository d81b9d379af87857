import {
  CancellationScope,
  log,
  proxyActivities,
  rootCause,
  workflowInfo,
} from "@temporalio/workflow";
import type { ExecutionStatus } from "../../execution/execution.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { failureText } from "../../handshake/failure-text.js";
import type { CallbackToken } from "../../token/index.js";
import { type HandshakeFields, handshakeFields } from "../log/handshake-fields.js";
import { fitFailure } from "../payload/execution-failure.js";
import { fitStatus, leastStatus } from "../payload/fit-status.js";
import { fitText } from "../payload/fit-text.js";
import { measuring } from "../payload/json-bytes.js";
import { bytesFor } from "../payload/payload-limit.js";
import { resultProblem } from "../payload/result-problem.js";
import type { SystemActivities } from "../runner/index.js";
import type { CallbackOptions } from "./with-callback.js";

/** Where to report, and how. */
export interface ReportTarget extends Pick<CallbackOptions, "reportTimeout" | "taskQueue"> {
  readonly executionId: string;
  readonly token: CallbackToken;
  readonly payloadLimit: number;
}

/** Reports how the execution has ended. A report that fails is logged, and is no error. */
export function reportStatus(status: ExecutionStatus, target: ReportTarget): Promise<void> {
  const { executionId, token, payloadLimit } = target;
  const outcome = outcomeOf(status);
  return report(target, outcome, (activities) => {
    if (outcome === undefined) {
      const message = `${executionId} ended without a terminal status`;
      return activities.FailExternalActivity(token, message, executionId);
    }
    if (outcome === "completed") {
      const measure = measuring(status);
      const problem = resultProblem(status, measure);
      if (problem !== undefined) {
        return activities.FailExternalActivity(token, problem, executionId, leastStatus(status));
      }
      const fitted = fitStatus(status, bytesFor(payloadLimit), measure);
      return activities.CompleteExternalActivity(token, fitted, executionId);
    }
    const isCancelled = outcome === "cancelled";
    const text =
      failureText(status) || `${executionId} ${isCancelled ? "was cancelled" : "failed"}`;
    const fitted = fitFailure(text, status, payloadLimit);
    const reportEnd = isCancelled
      ? activities.CancelExternalActivity
      : activities.FailExternalActivity;
    return reportEnd(token, fitted.message, executionId, fitted.status);
  });
}

/** Reports what the body has thrown: a failure, or a cancellation. */
export function reportError(
  message: string,
  isCancelled: boolean,
  target: ReportTarget,
): Promise<void> {
  const { executionId, token, payloadLimit } = target;
  const text = fitText(message, payloadLimit);
  const outcome = isCancelled ? "cancelled" : "failed";
  return report(target, outcome, ({ CancelExternalActivity, FailExternalActivity }) =>
    isCancelled
      ? CancelExternalActivity(token, text, executionId)
      : FailExternalActivity(token, text, executionId),
  );
}

function report(
  { executionId, token, reportTimeout = "24h", taskQueue }: ReportTarget,
  outcome: HandshakeFields["outcome"],
  send: (activities: SystemActivities) => Promise<unknown>,
): Promise<void> {
  const activities = proxyActivities<SystemActivities>({
    scheduleToCloseTimeout: reportTimeout,
    // The connection of a completer tries for 20 seconds; a worker that is killed costs these.
    startToCloseTimeout: "30s",
    retry: { initialInterval: "1s", maximumInterval: "1m" },
    ...(taskQueue !== undefined && { taskQueue }),
  });
  return CancellationScope.nonCancellable(async () => {
    try {
      await send(activities);
    } catch (error) {
      log.error("the waiting activity could not be told how its execution ended", {
        ...handshakeFields(workflowInfo().attempt, executionId, token, outcome),
        cause: rootCause(error),
      });
    }
  });
}
