import type { Client } from "@temporalio/client";
import { isNotFound } from "../../handshake/status-code.js";
import { textOf } from "../../text-of.js";
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

/** What is not found has the same code, be it the workflow or all of the namespace. */
const aboutNamespace = /\bnamespace\b.*\bnot found\b/i;

// temporal.api.enums.v1.WorkflowExecutionStatus
const [running, paused] = [1, 8];
const statusNames: Partial<Record<number, string>> = {
  [running]: "RUNNING",
  2: "COMPLETED",
  3: "FAILED",
  4: "CANCELED",
  5: "TERMINATED",
  6: "CONTINUED_AS_NEW",
  7: "TIMED_OUT",
  [paused]: "PAUSED",
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
      const text = withoutBytes(textOf(error));
      if (isNotFound(error) && !aboutNamespace.test(text)) continue;
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
  const hasEnded = status !== running && status !== paused;
  const retried = (pendingActivities ?? []).find(
    ({ activityType, lastFailure }) =>
      speaksToCaller.test(activityType?.name ?? "") && lastFailure && !goesOn(lastFailure),
  );
  const failure = retried?.lastFailure ?? (await lastRefusal(client, workflowId));
  if (!failure) {
    const name = statusNames[status] ?? `in status ${status}`;
    return { detail: `workflow ${workflowId} is ${name}`, hasEnded };
  }
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
