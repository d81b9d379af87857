import { withoutBytes } from "../log/without-bytes.js";
import type { PendingActivity } from "./pending-wait.js";

export type Failure = NonNullable<PendingActivity["lastFailure"]>;

// temporal.api.enums.v1.TimeoutType
const heartbeat = 4;

const mostCharacters = 300;

/** The type of a failure and the beginning of its text, on one line. */
export function failureLine({ applicationFailureInfo, message }: Failure): string {
  const text = withoutBytes(message ?? "").replace(/\s+/g, " ");
  const line = [applicationFailureInfo?.type, text].filter(Boolean).join(": ");
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line;
}

export function isTimeout({ timeoutFailureInfo }: Failure): boolean {
  return Boolean(timeoutFailureInfo);
}

export function isHeartbeatTimeout(failure: Failure | null | undefined): boolean {
  return failure?.timeoutFailureInfo?.timeoutType === heartbeat;
}
