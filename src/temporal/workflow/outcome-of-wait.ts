import type { JsonValue } from "@bufbuild/protobuf";
import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  rootCause,
} from "@temporalio/workflow";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { typeNames } from "../../execution/kinds.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { schemaOf } from "../../execution/schemas.js";
import { redact } from "../../redaction/index.js";
import type { ExecutionActivities } from "../caller/index.js";
import { executionFailure, failedWithoutText } from "../payload/execution-failure.js";
import { executionIdIn } from "../payload/execution-id-in.js";
import { defaultPayloadLimit } from "../payload/payload-limit.js";

/** A wait for an execution. */
export interface Wait {
  readonly executionId: string;
  readonly kind: "workflow" | "agent";
  /** The bound of the whole wait, as the caller has given it. */
  readonly limit: string;
  /** The same as a time, in milliseconds of `Date.now()`. */
  readonly deadline: number;
  readonly taskQueue?: string;
}

// The least that a last look gets.
const lastLookMs = 30_000;

/** What the end of an execution is for its caller: a COMPLETED status, or a failure. */
export async function outcomeOfResult(result: unknown, wait: Wait): Promise<ExecutionStatus> {
  const status = statusIn(result, wait.kind);
  if (status !== undefined && outcomeOf(status) !== undefined) return ended(status);
  // Of a service that makes its own ids, only the result has the right one.
  const executionId = executionIdIn(result as JsonValue) ?? wait.executionId;
  return readUntilEnded({ ...wait, executionId });
}

/** The end of an execution whose activity has failed: what the execution says, or the failure. */
export async function outcomeOfFailure(error: unknown, wait: Wait): Promise<ExecutionStatus> {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause === undefined || isCancellation(error)) throw error;
  if (!(cause instanceof ApplicationFailure)) {
    // A timeout, or a result that the server did not take.
    return lastLook(wait, error);
  }
  const { type, details, message } = cause;
  if (type === "ExecutionFailed" && (!details?.length || message === failedWithoutText)) {
    // A failure of a runner in Go comes without a text: the execution knows why, or that it was
    // cancelled.
    const said = await failureOf(lastLook(wait, error));
    const ends = ["ExecutionFailed", "ExecutionCancelled"];
    if (said instanceof ApplicationFailure && ends.includes(`${said.type}`)) throw said;
  }
  throw cause;
}

function statusIn(result: unknown, kind: Wait["kind"]): ExecutionStatus | undefined {
  const message = result as (Execution | ExecutionStatus) | undefined | null;
  const names = typeNames[kind === "agent" ? "AgentExecution" : "WorkflowExecution"];
  if (message?.$typeName === names.execution) return (message as Execution).status;
  return message?.$typeName === names.status ? (message as ExecutionStatus) : undefined;
}

function ended(status: ExecutionStatus): ExecutionStatus {
  const payloadLimit = defaultPayloadLimit;
  switch (outcomeOf(status)) {
    case "failed":
      throw executionFailure("ExecutionFailed", status, { payloadLimit });
    case "cancelled":
      throw executionFailure("ExecutionCancelled", status, { payloadLimit });
    default:
      // Unknown fields too: an old service may have put a token into the status.
      return redact(schemaOf(status), status) as ExecutionStatus;
  }
}

/** Reads the execution again and again, for as long as the caller wants to wait. */
async function readUntilEnded(wait: Wait): Promise<ExecutionStatus> {
  const { ReadOutcome } = reading(wait, { maximumInterval: "30s" });
  try {
    return await evenWhenCancelled(() => ReadOutcome(wait.executionId, wait.kind));
  } catch (error) {
    throw isCancellation(error)
      ? error
      : unknownOutcome(error, wait, `not seen to end within ${wait.limit}`);
  }
}

/** Reads the execution once more, because nobody has told how it ended. */
async function lastLook(wait: Wait, error: unknown): Promise<ExecutionStatus> {
  const { consideredCancelled } = CancellationScope.current();
  const problem = consideredCancelled
    ? "nobody has confirmed its cancellation"
    : `not seen to end within ${wait.limit}`;
  const { ReadOutcome } = reading(wait, { maximumAttempts: 3 });
  return CancellationScope.nonCancellable(async () => {
    try {
      return await ReadOutcome(wait.executionId, wait.kind);
    } catch (lookError) {
      throw unknownOutcome(lookError, wait, problem, error);
    }
  });
}

function reading({ deadline, taskQueue }: Wait, retry: ActivityOptions["retry"] & object) {
  return proxyActivities<ExecutionActivities>({
    scheduleToCloseTimeout: Math.max(deadline - Date.now(), lastLookMs),
    startToCloseTimeout: "10s",
    retry: { initialInterval: "1s", ...retry },
    ...(taskQueue !== undefined && { taskQueue }),
  });
}

// An activity may have a result in spite of a cancellation: then that is what counts.
function evenWhenCancelled<T>(read: () => Promise<T>): Promise<T> {
  return CancellationScope.current().consideredCancelled
    ? CancellationScope.nonCancellable(read)
    : read();
}

/** What a read has found: how the execution has ended, or that nobody knows. */
function unknownOutcome(
  error: unknown,
  { executionId }: Wait,
  problem: string,
  cause = error,
): ApplicationFailure {
  const found = error instanceof ActivityFailure ? error.cause : error;
  const isEnd = found instanceof ApplicationFailure && found.type !== "ExecutionNotEnded";
  if (isEnd && found.nonRetryable) return found;
  return ApplicationFailure.create({
    type: "ExecutionTimedOut",
    message: `${executionId}: ${problem}; last known: ${rootCause(error) ?? String(error)}`,
    nonRetryable: true,
    ...(cause instanceof Error && { cause }),
  });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}
