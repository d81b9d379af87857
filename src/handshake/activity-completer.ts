import type { Execution, ExecutionStatus } from "../execution/execution.js";
import type { CallbackToken } from "../token/index.js";

/**
 * What the engine says of a report:
 *
 * - `settled`: the activity has ended with it
 * - `not-found`: no activity waits with this token. It has ended, its attempt has been retried under
 *   another token, or the caller is gone; `reportOutcome` tells these apart.
 */
export type Settlement = "settled" | "not-found";

/**
 * What the engine says of a heartbeat:
 *
 * - `recorded`: the activity waits
 * - `cancel-requested`: it waits, and the caller wants the execution to be cancelled
 * - `not-found`: no activity waits with this token, as for a `Settlement`
 */
export type HeartbeatAnswer = "recorded" | "cancel-requested" | "not-found";

/** Why an execution failed, or why the result of one that has completed cannot be delivered. */
export interface ExecutionFailure {
  /** What the status says, or a sentence with the execution's id when it says nothing. */
  readonly message: string;
  /** The whole status that the execution ended with. */
  readonly status: ExecutionStatus;
}

/**
 * The engine that runs the waiting activities, as far as the handshake needs it. Each engine has one
 * adapter.
 *
 * Every method throws a `HandshakeError`: with code `invalid-token` for bytes that are no token of
 * this engine, with code `too-large` for what the engine does not take in any form, and with code
 * `unavailable` when the engine could not be asked or its answer is not known. After `unavailable`, the
 * same call may be made again; it answers `not-found` if the first one had gone through.
 */
export interface ActivityCompleter {
  /**
   * Ends the activity with the execution's status as its result. `readExecution` returns the whole
   * execution, for an engine whose callers expect that.
   */
  complete(
    token: CallbackToken,
    status: ExecutionStatus,
    readExecution?: () => Promise<Execution>,
  ): Promise<Settlement>;

  /**
   * Ends the activity as failed. The engine does not retry it: the execution has ended, and another
   * attempt would only find it failed.
   */
  fail(token: CallbackToken, failure: ExecutionFailure): Promise<Settlement>;

  /**
   * Ends the activity as cancelled. An engine that cancels only what its caller asked to cancel
   * fails the activity instead, without retry.
   */
  reportCancellation(token: CallbackToken, status: ExecutionStatus): Promise<Settlement>;

  /**
   * Tells that the execution still runs. Restarts the activity's heartbeat timeout and keeps
   * `details`, a JSON value, for its next attempt.
   */
  heartbeat(token: CallbackToken, details?: unknown): Promise<HeartbeatAnswer>;
}
