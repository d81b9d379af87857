import { copyOf } from "../execution/copy-of.js";
import type { ExecutionStatus } from "../execution/execution.js";
import { outcomeOf } from "../execution/outcome-of.js";
import { type ActivityCompleter, HandshakeError, type Settlement } from "../handshake/index.js";
import { textOf } from "../text-of.js";
import {
  type CallbackToken,
  callbackToken,
  describeCallbackToken,
  formatCallbackToken,
} from "../token/index.js";

/** Returned by an activity that will be ended by its token: "go pending". */
export const pending: unique symbol = Symbol("pending");

/** One attempt of an activity. */
export interface ActivityAttempt {
  /** The same for all attempts of an activity. */
  readonly activityId: string;

  /** Counted from 1. */
  readonly attempt: number;

  /** The task token of this attempt; dead as soon as the attempt is over. */
  readonly token: CallbackToken;

  /** The details of the last heartbeat of an earlier attempt; undefined when there was none. */
  readonly heartbeatDetails: unknown;

  /** Aborted when cancellation is requested or the attempt is over. */
  readonly signal: AbortSignal;

  /** Restarts the heartbeat timeout and keeps `details`, a JSON value, for the next attempt. */
  heartbeat(details?: unknown): void;
}

/**
 * An activity: returns `pending`, or the status of an execution that has ended, which ends the
 * activity just as a report of that status would. What it throws fails the attempt.
 */
export type Activity = (attempt: ActivityAttempt) => Promise<ExecutionStatus | typeof pending>;

/** When attempts of an activity are given up, and how often it is tried. */
export interface ActivityOptions {
  /** How often the activity is tried, the first time included. 3 by default. */
  maximumAttempts?: number;

  /** Milliseconds until an attempt that has not ended is given up. No limit by default. */
  startToCloseTimeoutMs?: number;

  /** Milliseconds between two heartbeats until an attempt is given up. No limit by default. */
  heartbeatTimeoutMs?: number;
}

/** How an activity ended. */
export type ActivityResult =
  | { readonly outcome: "completed"; readonly status: ExecutionStatus }
  | { readonly outcome: "failed"; readonly message: string; readonly status?: ExecutionStatus }
  | { readonly outcome: "cancelled"; readonly status?: ExecutionStatus }
  | { readonly outcome: "timed-out" };

/** A started activity, as its caller sees it. */
export interface ActivityHandle {
  /** The same as in its attempts. */
  readonly activityId: string;

  /** Resolves when the activity has ended, in whatever way. */
  readonly result: Promise<ActivityResult>;

  /** Asks for cancellation: aborts the attempt's signal and is the answer to its next heartbeat. */
  cancel(): void;

  /** Gives up the attempt that runs now, as a timeout would. Does nothing when there is none. */
  timeOutAttempt(): void;
}

/** An engine in memory that runs activities and lets them be ended by their tokens. */
export interface ActivityEngine extends ActivityCompleter {
  /** Starts an activity. Its first attempt runs in a later turn, when the handle is known. */
  startActivity(activity: Activity, options?: ActivityOptions): ActivityHandle;
}

/** An attempt that has not ended. */
interface OpenAttempt {
  settle(result: ActivityResult): void;
  /** Returns whether cancellation has been requested. */
  heartbeat(details: unknown): boolean;
}

const tokenPrefix = new TextEncoder().encode("in-memory-engine/");

/**
 * An engine in memory, for tests and examples: nothing is stored, and there is no workflow around
 * the activities. Not for production.
 *
 * It behaves as Temporal does. An attempt that throws or times out is retried, here at once, under a
 * new token; the old token is `not-found` from then on. An activity ends once. Its token can end it
 * even before its function has returned `pending`. After a cancellation request it is not retried: it
 * waits until its token or a timeout ends it, and an error of its function ends it as cancelled.
 */
export function createActivityEngine(): ActivityEngine {
  const open = new Map<string, OpenAttempt>();

  function find(token: CallbackToken): OpenAttempt | undefined {
    if (!tokenPrefix.every((byte, index) => token[index] === byte)) {
      throw new HandshakeError(
        "invalid-token",
        `expected a token of the in-memory engine, got ${describeCallbackToken(token)}`,
      );
    }
    return open.get(formatCallbackToken(token));
  }

  async function settle(token: CallbackToken, result: ActivityResult): Promise<Settlement> {
    const attempt = find(token);
    attempt?.settle(result);
    return attempt === undefined ? "not-found" : "settled";
  }

  return {
    startActivity: (activity, options = {}) => startActivity(open, activity, options),
    complete: (token, status) => settle(token, { outcome: "completed", status: copyOf(status) }),
    fail: (token, { message, status }) =>
      settle(token, { outcome: "failed", message, status: copyOf(status) }),
    reportCancellation: (token, status) =>
      settle(token, { outcome: "cancelled", status: copyOf(status) }),
    heartbeat: async (token, details) => {
      const attempt = find(token);
      if (attempt === undefined) return "not-found";
      return attempt.heartbeat(details) ? "cancel-requested" : "recorded";
    },
  };
}

function startActivity(
  open: Map<string, OpenAttempt>,
  activity: Activity,
  options: ActivityOptions,
): ActivityHandle {
  const { maximumAttempts = 3, startToCloseTimeoutMs, heartbeatTimeoutMs } = options;
  const activityId = crypto.randomUUID();
  let heartbeatDetails: unknown;
  let cancelRequested = false;
  let abort = new AbortController();
  let timeOutAttempt = () => {};
  let resolveResult: (result: ActivityResult) => void = () => {};
  const result = new Promise<ActivityResult>((resolve) => {
    resolveResult = resolve;
  });

  function begin(attempt: number): void {
    const token = newToken(activityId);
    const key = formatCallbackToken(token);

    const close = (): boolean => {
      clearTimeout(attemptTimer);
      clearTimeout(heartbeatTimer);
      return open.delete(key);
    };
    const settle = (outcome: ActivityResult): void => {
      if (!close()) return;
      abort.abort(new Error("the activity has ended"));
      resolveResult(outcome);
    };
    const giveUp = (outcome: ActivityResult): void => {
      if (attempt >= maximumAttempts || cancelRequested) {
        settle(outcome);
      } else if (close()) {
        abort.abort(new Error("the attempt is over"));
        begin(attempt + 1);
      }
    };
    const timeOut = () => giveUp({ outcome: "timed-out" });
    const heartbeat = (details?: unknown): boolean => {
      if (!open.has(key)) return cancelRequested;
      if (details !== undefined) heartbeatDetails = structuredClone(details);
      clearTimeout(heartbeatTimer);
      heartbeatTimer = startTimer(heartbeatTimeoutMs, timeOut);
      return cancelRequested;
    };

    abort = new AbortController();
    timeOutAttempt = timeOut;
    const attemptTimer = startTimer(startToCloseTimeoutMs, timeOut);
    let heartbeatTimer = startTimer(heartbeatTimeoutMs, timeOut);
    open.set(key, { settle, heartbeat });

    const { signal } = abort;
    const context = { activityId, attempt, token, heartbeatDetails, signal, heartbeat };
    // Called in a later turn, so that whoever starts the activity has its handle before it runs, and one
    // that fails again and again leaves room for everything else.
    (attempt === 1 ? Promise.resolve() : laterTurn())
      .then(() => context)
      .then(activity)
      .then(
        (value) => {
          if (value === pending) return;
          const result = resultOf(value);
          if (result !== undefined) settle(result);
          else giveUp({ outcome: "failed", message: "returned a status that is not terminal" });
        },
        (error: unknown) =>
          giveUp(
            cancelRequested
              ? { outcome: "cancelled" }
              : { outcome: "failed", message: textOf(error) },
          ),
      );
  }

  begin(1);
  return {
    activityId,
    result,
    cancel: () => {
      cancelRequested = true;
      abort.abort(new Error("cancellation has been requested"));
    },
    timeOutAttempt: () => timeOutAttempt(),
  };
}

function resultOf(status: ExecutionStatus): ActivityResult | undefined {
  const outcome = outcomeOf(status);
  if (outcome === undefined) return undefined;
  if (outcome !== "failed") return { outcome, status: copyOf(status) };
  return { outcome, message: status.error || "the execution failed", status: copyOf(status) };
}

// As large as a token of Temporal usually is, and like one with a part that tells nothing apart.
function newToken(activityId: string): CallbackToken {
  const bytes = new Uint8Array(132);
  bytes.set(tokenPrefix);
  bytes.set(new TextEncoder().encode(activityId), tokenPrefix.length);
  crypto.getRandomValues(bytes.subarray(tokenPrefix.length + activityId.length));
  return callbackToken(bytes);
}

/** After timers and I/O that are due. */
function laterTurn(): Promise<void> {
  const { setImmediate = setTimeout } = globalThis as {
    setImmediate?: (callback: () => void) => unknown;
  };
  return new Promise((resolve) => void setImmediate(resolve));
}

function startTimer(ms: number | undefined, callback: () => void) {
  // setTimeout fires at once for more than 2^31 - 1 ms; no test waits for 24.8 days.
  return ms === undefined || ms >= 2 ** 31 ? undefined : setTimeout(callback, ms);
}
