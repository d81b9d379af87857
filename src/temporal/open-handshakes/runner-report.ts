import { type Client, isGrpcServiceError } from "@temporalio/client";
import { type Failure, failureLine, isTimeout } from "./failure-line.js";
import type { HandshakeState } from "./open-handshake.js";

/** What the workflow of a runner tells of its reports. */
export interface RunnerReport {
  readonly workflowId: string;
  /** How the workflow has ended; undefined while it is open. */
  readonly endedAs: string | undefined;
  readonly problem: ReportProblem | undefined;
}

export interface ReportProblem {
  readonly state: HandshakeState | undefined;
  readonly detail: string;
}

// gRPC, "Status codes and their use in gRPC".
const notFound = 5;

// temporal.api.enums.v1.WorkflowExecutionStatus
const ends: Partial<Record<number, string>> = {
  2: "COMPLETED",
  3: "FAILED",
  4: "CANCELED",
  5: "TERMINATED",
  6: "CONTINUED_AS_NEW",
  7: "TIMED_OUT",
};

const reports = /^(?:Complete|Fail|Cancel|Heartbeat)ExternalActivity$|complete-external-activity$/;

/** A report is among the last things that a workflow does. */
const lastEvents = 50;

/**
 * What the first of these workflows that exists tells: of a report that is tried again, or of one that
 * has failed for good. Undefined when there is none of them.
 */
export async function runnerReport(
  client: Client,
  workflowIds: readonly string[],
): Promise<RunnerReport | undefined> {
  for (const workflowId of workflowIds) {
    const request = { namespace: client.options.namespace, execution: { workflowId } };
    try {
      const { workflowExecutionInfo, pendingActivities } =
        await client.workflowService.describeWorkflowExecution(request);
      const retried = (pendingActivities ?? []).find(
        ({ activityType, lastFailure }) =>
          reports.test(activityType?.name ?? "") && lastFailure && !goesOn(lastFailure),
      );
      const failure = retried?.lastFailure ?? (await lastRefusal(client, workflowId));
      return {
        workflowId,
        endedAs: ends[workflowExecutionInfo?.status ?? 0],
        problem: failure ? problemOf(failure) : undefined,
      };
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== notFound) throw error;
    }
  }
  return undefined;
}

/** The failure of the last activity that has failed for good, if it is one of a report. */
async function lastRefusal(client: Client, workflowId: string): Promise<Failure | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: lastEvents,
  });
  const events = history?.events ?? [];
  for (const event of events) {
    const failed = event.activityTaskFailedEventAttributes;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    const ended = failed ?? timedOut ?? event.activityTaskCompletedEventAttributes;
    if (!ended) continue;
    const { activityTaskScheduledEventAttributes: scheduled } =
      events.find(({ eventId }) => String(eventId) === String(ended.scheduledEventId)) ?? {};
    if (!reports.test(scheduled?.activityType?.name ?? "")) continue;
    const failure = failed?.failure ?? timedOut?.failure?.cause ?? timedOut?.failure;
    return failure ?? undefined;
  }
  return undefined;
}

/** Whether the failure is only that of a heartbeat, after which the next one is made. */
function goesOn({ applicationFailureInfo }: Failure): boolean {
  return applicationFailureInfo?.type === "ExecutionGoesOn";
}

function problemOf(failure: Failure): ReportProblem | undefined {
  if (goesOn(failure)) return undefined;
  return {
    state: stateOf(failure),
    detail: isTimeout(failure) ? "timed out" : failureLine(failure),
  };
}

function stateOf({ applicationFailureInfo, message }: Failure): HandshakeState | undefined {
  if (applicationFailureInfo?.type === "InvalidToken") return "invalid-token";
  if (applicationFailureInfo?.type === "TooLarge") return "too-large";
  // It is retried, for somebody may yet allow the runner to read the token, and has no type of its own.
  return /without its callback token/.test(message ?? "") ? "token-withheld" : undefined;
}
