import type { Client, WorkflowExecutionDescription } from "@temporalio/client";
import type { Payload } from "@temporalio/common";
import { optionalTsToDate, optionalTsToMs } from "@temporalio/common/lib/time.js";
import { textOf } from "../../text-of.js";
import { withoutBytes } from "../log/without-bytes.js";
import { failureLine, isHeartbeatTimeout, isTimeout } from "./failure-line.js";

export type PendingActivity = NonNullable<
  WorkflowExecutionDescription["raw"]["pendingActivities"]
>[number];

/** What Temporal knows of an activity that waits. */
export interface PendingWait {
  readonly waitingSince: Date | undefined;
  readonly deadline: Date | undefined;
  readonly lastHeartbeat: Date | undefined;
  readonly executionId: string | undefined;
  /** Why the heartbeat details could not be read. */
  readonly unreadable: string | undefined;
  /** An attempt is due, or paused. */
  readonly untaken: "due" | "paused" | undefined;
  /** The runner has been heard in this attempt. */
  readonly isHeard: boolean;
  /** The attempt before has ended because nothing was heard; and nothing proves that something was since. */
  readonly isSilent: boolean;
  /** Why the attempt before has failed, unless it was out of time. */
  readonly failure: string | undefined;
  /** Whether no attempt is waiting at the moment. */
  readonly isBetweenAttempts: boolean;
}

// temporal.api.enums.v1.PendingActivityState
const scheduled = 1;
const paused = [4, 5];

/** Of `executeWorkflow`; older servers do not say what an activity has. */
const defaultHeartbeatTimeoutMs = 60_000;

/** A worker polls all the time. */
const takenWithinMs = 10_000;

export async function pendingWait(
  activity: PendingActivity,
  { options: { loadedDataConverter } }: Client,
  now: number,
): Promise<PendingWait> {
  const { activityOptions, lastFailure } = activity;
  const deadlineMs = optionalTsToMs(activity.expirationTime) || undefined;
  const limitMs = optionalTsToMs(activityOptions?.scheduleToCloseTimeout) || undefined;
  const waitingSince =
    deadlineMs !== undefined && limitMs !== undefined
      ? new Date(deadlineMs - limitMs)
      : optionalTsToDate(activity.scheduledTime);
  const lastHeartbeat = optionalTsToDate(activity.lastHeartbeatTime);
  const startedMs = optionalTsToMs(activity.lastStartedTime) ?? 0;
  const heartbeatTimeoutMs =
    optionalTsToMs(activityOptions?.heartbeatTimeout) || defaultHeartbeatTimeoutMs;
  const isBetweenAttempts = activity.state === scheduled;
  // The caller's own heartbeat comes within the timeout, or the attempt has ended.
  const isHeard =
    !isBetweenAttempts &&
    lastHeartbeat !== undefined &&
    lastHeartbeat.getTime() > startedMs + heartbeatTimeoutMs;
  const isPaused = activity.paused || paused.includes(activity.state ?? 0);
  const isDue =
    isBetweenAttempts && now > (optionalTsToMs(activity.scheduledTime) ?? now) + takenWithinMs;
  return {
    waitingSince,
    deadline: deadlineMs === undefined ? undefined : new Date(deadlineMs),
    lastHeartbeat,
    ...(await readDetails(activity.heartbeatDetails?.payloads ?? [], loadedDataConverter)),
    untaken: isPaused ? "paused" : isDue ? "due" : undefined,
    isHeard,
    isSilent: !isHeard && isHeartbeatTimeout(lastFailure),
    failure: lastFailure && !isTimeout(lastFailure) ? failureLine(lastFailure) : undefined,
    isBetweenAttempts,
  };
}

async function readDetails(
  encoded: Payload[],
  { payloadConverter, payloadCodecs }: Client["options"]["loadedDataConverter"],
): Promise<Pick<PendingWait, "executionId" | "unreadable">> {
  try {
    let payloads = encoded;
    for (const codec of [...payloadCodecs].reverse()) payloads = await codec.decode(payloads);
    const [payload] = payloads;
    const details: unknown = payload && payloadConverter.fromPayload(payload);
    const { executionId } = (details ?? {}) as { executionId?: unknown };
    const isId = typeof executionId === "string" && executionId !== "";
    return { executionId: isId ? executionId : undefined, unreadable: undefined };
  } catch (error) {
    // Of a codec or a converter of others.
    const text = withoutBytes(textOf(error));
    return { executionId: undefined, unreadable: `heartbeat details: ${text}` };
  }
}
