// What the scenarios need, on whatever engine. There are two: one in memory, and Temporal.

import type { ActivityResult } from "@stigmer/apis/testing";
import type { Clients } from "./clients.js";

/** Writes one step of the handshake: who did what. */
export type Log = (role: "caller" | "runner" | "viewer", step: string) => void;

/** An activity that waits for an execution. */
export interface Call {
  /** How the activity has ended. */
  readonly result: Promise<ActivityResult>;
  /** The id of the execution, once there is a result. */
  executionId(): Promise<string>;
}

/** An execution service, a caller and a runner. */
export interface World {
  readonly log: Log;
  /** Clients of somebody who may read neither tokens nor secrets. */
  readonly viewer: Clients;
  /** Starts an activity that has a workflow executed. */
  callWorkflow(workflowId: string): Promise<Call>;
  /** Starts an activity that has an agent answer a question. */
  callAgent(): Promise<Call>;
  /** The same as `callWorkflow`, but the first attempt of the activity is lost half way. */
  callAndLoseAttempt(workflowId: string): Promise<Call>;
  /** Has a workflow executed by a caller that is no activity and has no token. */
  callWithoutToken(workflowId: string): Promise<ActivityResult>;
  stop(): Promise<void>;
}

/** An engine for callers and runners. */
export interface Engine {
  startWorld(log: Log): Promise<World>;
  stop(): Promise<void>;
}
