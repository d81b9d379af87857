import { type Client, isGrpcServiceError } from "@temporalio/client";
import { withoutBytes } from "../log/without-bytes.js";
import { type Failure, failureLine } from "./failure-line.js";
import type { HandshakeState } from "./open-handshake.js";

/** What the workflow of a runner tells of its reports. */
export interface RunnerReport {
  /** Why the report fails, if it does for a reason that has a state of its own. */
  readonly state?: HandshakeState;
  /** What it fails with, or else how it stands with the workflow. */
  readonly detail: string;
  /** Whether the workflow has ended. */
  readonly hasEnded: boolean;
}

// gRPC, "Status codes and their use in gRPC".
const notFound = 5;

// temporal.api.enums.v1.WorkflowExecutionStatus
const running = 1;
const statusNames: Partial<Record<number, string>> = {
  [running]: "RUNNING",
  2: "COMPLETED",
  3: "FAILED",
  4: "CANCELED",
  5: "TERMINATED",
  6: "CONTINUED_AS_NEW",
  7: "TIMED_OUT",
};

const speaksToCaller =
  /^(?:(?:Complete|Fail|Cancel|Heartbeat)ExternalActivity|stigmer\/system\/complete-external-activity)$/;

/** A report is among the last things that a workflow does. */
const lastEvents = 50;

/** What the first of these workflows that exists tells. Whatever cannot be read is told in the detail. */
export async function runnerReport(
  client: Client,
  workflowIds: readonly string[],
): Promise<RunnerReport> {
  for (const workflowId of workflowIds) {
    try {
      return await reportOf(client, workflowId);
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === notFound) continue;
      const text = withoutBytes(error instanceof Error ? error.message : String(error));
      return { detail: `workflow ${workflowId} cannot be read: ${text}`, hasEnded: false };
    }
  }
  return { detail: `no workflow ${workflowIds.join(" or ")}`, hasEnded: false };
}

async function reportOf(client: Client, workflowId: string): Promise<RunnerReport> {
  const { workflowExecutionInfo, pendingActivities } =
    await client.workflowService.describeWorkflowExecution({
      namespace: client.options.namespace,
      execution: { workflowId },
    });
  const status = workflowExecutionInfo?.status ?? 0;
  const hasEnded = status !== running;
  const retried = (pendingActivities ?? []).find(
    ({ activityType, lastFailure }) =>
      speaksToCaller.test(activityType?.name ?? "") && lastFailure && !goesOn(lastFailure),
  );
  const failure = retried?.lastFailure ?? (await lastRefusal(client, workflowId));
  if (!failure) return { detail: `workflow ${workflowId} is ${statusNames[status]}`, hasEnded };
  const state = stateOf(failure);
  return { ...(state && { state }), detail: failureLine(failure), hasEnded };
}

/** What the last activity that spoke to the caller and has ended has failed with, if it has. */
async function lastRefusal(client: Client, workflowId: string): Promise<Failure | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: lastEvents,
  });
  const events = history?.events ?? [];
  const typeOf = (scheduledEventId: unknown) =>
    events.find(({ eventId }) => String(eventId) === String(scheduledEventId))
      ?.activityTaskScheduledEventAttributes?.activityType?.name ?? "";
  for (const event of events) {
    const failed = event.activityTaskFailedEventAttributes;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    const ended = failed ?? timedOut ?? event.activityTaskCompletedEventAttributes;
    if (!ended || !speaksToCaller.test(typeOf(ended.scheduledEventId))) continue;
    // What it has failed with when it was tried for the last time.
    return failed?.failure ?? timedOut?.failure?.cause ?? timedOut?.failure ?? undefined;
  }
  return undefined;
}

/** Whether the failure is only that of a heartbeat, after which the next one is made. */
function goesOn({ applicationFailureInfo }: Failure): boolean {
  return applicationFailureInfo?.type === "ExecutionGoesOn";
}

function stateOf({ applicationFailureInfo, message }: Failure): HandshakeState | undefined {
  if (applicationFailureInfo?.type === "InvalidToken") return "invalid-token";
  if (applicationFailureInfo?.type === "TooLarge") return "too-large";
  // It is retried, for somebody may yet allow the runner to read the token, and has no type of its own.
  return /without its callback token/.test(message ?? "") ? "token-withheld" : undefined;
}
