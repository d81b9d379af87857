import type { Duration } from "@temporalio/common";
import {
  CancellationScope,
  isCancellation,
  rootCause,
  TemporalFailure,
} from "@temporalio/workflow";
import type { ExecutionStatus } from "../../execution/execution.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import type { CallbackToken } from "../../token/index.js";
import { executionFailure } from "../payload/execution-failure.js";
import { fitStatus } from "../payload/fit-status.js";
import { measuring } from "../payload/json-bytes.js";
import { bytesFor, defaultPayloadLimit } from "../payload/payload-limit.js";
import { resultProblem } from "../payload/result-problem.js";
import { assertConverter, failsWorkflow } from "./activator.js";
import { fitError } from "./fit-error.js";
import { startHeartbeats } from "./heartbeats.js";
import { reportError, reportStatus } from "./report.js";

/** What a runner's workflow knows of the activity that waits for its execution. */
export interface WaitingCaller {
  /** `metadata.id` of the execution: the runner reads it again to find a newer token. */
  readonly executionId: string;
  /** Absent when nobody waits. */
  readonly callbackToken?: CallbackToken | undefined;
}

/** How the waiting activity is heartbeated and told of the end. */
export interface CallbackOptions {
  /**
   * For how long a report is tried again while the caller's server cannot be reached; 24 hours by
   * default. The workflow stays open until then.
   */
  readonly reportTimeout?: Duration;

  /**
   * Time between two heartbeats of the waiting activity; 10 seconds by default. A cancellation of the
   * caller is noticed with the next one. Must be less than half of the activity's heartbeat timeout.
   */
  readonly heartbeatInterval?: Duration;

  /**
   * Cancels the body when this many heartbeats in a row have found no activity. Choose more than fit
   * between two attempts of the caller. Without it, the body goes on.
   */
  readonly maxMissedHeartbeats?: number;

  /**
   * The task queue of the workers that have the activities of `createSystemActivities`; the
   * workflow's own by default. One of their own keeps heartbeats going when the workers are busy.
   */
  readonly taskQueue?: string;

  /**
   * How many bytes a payload may have, 2 MiB by default: the limit of the runner's own server
   * (`blobSizeLimitError`). A status that is larger is cut; see `cutFieldsOf`.
   */
  readonly payloadLimit?: number;
}

/**
 * Runs the body of a workflow that runs an execution, and reports its end to the activity that
 * waits for it: a status that is COMPLETED completes the activity, FAILED or a failure that the body
 * throws fails it, CANCELLED or a cancellation of the workflow reports the cancellation. While the
 * body runs, the activity is heartbeated; when its caller wants to cancel, the body is cancelled, and
 * the heartbeats go on until the report is made. Without a token, it only runs the body.
 *
 * The body must publish the terminal status before it ends, in a non-cancellable scope if it is
 * cancelled. A caller that is retried in between is then found by the report, or finds the status.
 *
 * Returns what the body returns and throws what it throws, except for what Temporal would not take from
 * the workflow: a status larger than `payloadLimit` is cut, an error with a longer text is shortened,
 * and a COMPLETED status without a JSON form (NaN in its output) is thrown as a failure of type
 * `ExecutionResultInvalid`, which names the field.
 *
 * An error that is neither a `TemporalFailure` nor one of the workflow's `failureExceptionTypes` does
 * not end a workflow and is not reported. If a report fails, that is logged, and the workflow ends all
 * the same. Needs the activities of `createSystemActivities`.
 *
 * Throws an `ApplicationFailure` of type `PayloadConverterMissing` in a bundle without this package's
 * payload converter.
 */
export async function withCallback<S extends ExecutionStatus>(
  { executionId, callbackToken }: WaitingCaller,
  body: () => Promise<S>,
  options: CallbackOptions = {},
): Promise<S> {
  assertConverter("withCallback");
  const { payloadLimit = defaultPayloadLimit } = options;
  if (callbackToken === undefined)
    return sendable(await fittingErrors(body, payloadLimit), payloadLimit);

  const bodyScope = new CancellationScope();
  const heartbeats = startHeartbeats(executionId, callbackToken, options, bodyScope);
  const to = () => ({ ...options, executionId, token: heartbeats.token(), payloadLimit });
  let status: S;
  try {
    status = await bodyScope.run(body);
  } catch (error) {
    // Fails the workflow's task, which is tried again when the code is mended: nothing has ended.
    if (!endsWorkflow(error)) throw error;
    const message = rootCause(error) ?? String(error);
    heartbeats.bodyEnded();
    await reportError(message, isCancellation(error), to());
    heartbeats.stop();
    throw fitError(error, payloadLimit);
  }
  heartbeats.bodyEnded();
  await reportStatus(status, to());
  heartbeats.stop();
  return sendable(status, payloadLimit);
}

function endsWorkflow(error: unknown): boolean {
  return error instanceof TemporalFailure || failsWorkflow(error);
}

async function fittingErrors<T>(body: () => Promise<T>, payloadLimit: number): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw endsWorkflow(error) ? fitError(error, payloadLimit) : error;
  }
}

/** The status as the result of the workflow. */
function sendable<S extends ExecutionStatus>(status: S, payloadLimit: number): S {
  const measure = measuring(status);
  const message = outcomeOf(status) === "completed" ? resultProblem(status, measure) : undefined;
  if (message !== undefined) {
    throw executionFailure("ExecutionResultInvalid", status, { message, payloadLimit });
  }
  return fitStatus(status, bytesFor(payloadLimit), measure);
}
