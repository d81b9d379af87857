import type { ExecutionPhase } from "../../workflowexecution/v1.js";

/**
 * How it stands with a caller that waits:
 *
 * - `healthy`: it is heartbeated, or its attempt is too young to be missing that
 * - `no-caller`: an attempt is due, and no worker of the caller makes it, or an operator has paused it
 * - `caller-failing`: its attempts fail before they wait, as when the service cannot be reached
 * - `no-runner`: nobody has begun the execution, or the runner's workflow has ended without its end
 * - `no-heartbeat`: the last attempt ended because nothing was heard from the runner, and nothing has been
 *   heard since
 * - `no-token`: the execution has no callback token, so nobody can report before the next attempt
 * - `not-reported`: the execution has ended, and the caller has not been told
 * - `token-withheld`: the runner may not read the token that it has to report with
 * - `invalid-token`: the callers' server refuses the token of the runner, as another namespace does
 * - `too-large`: the callers' server does not take what the runner reports
 * - `deleted`: the service has no such execution any more
 * - `unknown`: what is needed to tell could not be read
 */
export type HandshakeState =
  | "healthy"
  | "no-caller"
  | "caller-failing"
  | "no-runner"
  | "no-heartbeat"
  | "no-token"
  | "not-reported"
  | "token-withheld"
  | "invalid-token"
  | "too-large"
  | "deleted"
  | "unknown";

/** An activity that waits for an execution. */
export interface OpenHandshake {
  /** Of the caller's workflow, as are the run id and the type. */
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly activityId: string;
  readonly activityType: string;
  /** Counts from 1; an operator who resets the activity has it count from 1 again. */
  readonly attempt: number;
  /**
   * Since when the caller waits, all attempts together; or since when this attempt does, of a server too
   * old to tell the timeouts of an activity.
   */
  readonly waitingSince?: Date;
  /** When the schedule-to-close timeout ends the wait. */
  readonly deadline?: Date;
  /** The caller's own heartbeat, which each attempt begins with, or one of the runner. */
  readonly lastHeartbeat?: Date;
  /** Absent while no attempt has got as far as to create the execution. */
  readonly executionId?: string;
  /** Absent when the execution was not read. */
  readonly phase?: keyof typeof ExecutionPhase;
  /** What the reader of the execution sees of its token: `withheld` is what a guard says of one. */
  readonly token?: "present" | "absent" | "withheld";
  readonly state: HandshakeState;
  /** What the state was told by, such as the text of a failure. Contains no token. */
  readonly detail?: string;
}
