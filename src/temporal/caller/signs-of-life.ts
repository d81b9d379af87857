import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Context } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { ExecutionPhase } from "../../workflowexecution/v1.js";

/** The heartbeat details of a caller's activity. A runner's heartbeat replaces them, without these. */
interface Details {
  readonly executionId?: string | undefined;
  /** How many attempts in a row have ended without a sign of life. */
  readonly silent?: number;
  /** A fingerprint of the status that the attempt has found. */
  readonly seen?: string;
}

/** The id of the execution that an earlier attempt has waited for. */
export function earlierExecutionId({ info }: Context): string | undefined {
  const { executionId } = (info.heartbeatDetails ?? {}) as Details;
  return typeof executionId === "string" && executionId !== "" ? executionId : undefined;
}

/**
 * The details that the attempt leaves behind when it goes pending. Given `maxSilentAttempts`, fails
 * with type `ExecutionSilent` when so many attempts have found neither a heartbeat of the runner nor
 * a change of the status.
 */
export function nextDetails(
  { info }: Context,
  { metadata, status }: Execution,
  maxSilentAttempts: number | undefined,
): Details {
  const executionId = metadata?.id;
  if (maxSilentAttempts === undefined) return { executionId };
  const before = (info.heartbeatDetails ?? {}) as Details;
  const seen = status === undefined ? "" : fingerprint(status);
  const silent = before.silent !== undefined && before.seen === seen ? before.silent + 1 : 0;
  if (silent < maxSilentAttempts) return { executionId, silent, seen };
  const phase = ExecutionPhase[status?.phase ?? 0];
  throw ApplicationFailure.nonRetryable(
    `${executionId}: no sign of life in ${silent} attempts of its caller; last known: ${phase}`,
    "ExecutionSilent",
  );
}

// Not of the time at which the spec was changed last: that is when this caller has re-armed it.
function fingerprint({ audit, ...rest }: ExecutionStatus): string {
  const text = JSON.stringify({ ...rest, audit: audit?.statusAudit }, inOrder);
  return bytesToHex(sha256(new TextEncoder().encode(text))).slice(0, 16);
}

/** For JSON.stringify: a service in Go writes the entries of a map in another order each time. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
