// What is recorded: the histories of the caller and of the runner, at the stages at which a scenario is
// open, and at its end. The files are named after the scenarios and the stages.

import { ApplicationFailure } from "@temporalio/client";

/** @import { ExecuteOptions } from "@stigmer/apis/temporal/workflow" */
/** @import { Kind, Plan } from "./workflows.js" */
/** @import { Stage } from "./record-scenario.js" */

/**
 * @typedef {object} Scenario
 * @property {Kind} [kind] of the execution; `workflow` by default
 * @property {Omit<Plan, "scenario">} plan
 * @property {Partial<ExecuteOptions>} [options] of the caller
 * @property {number} [more] how often the caller continues as new
 * @property {boolean} [isMisdirected] the runner gets bytes that are no token
 * @property {boolean} [holdsReports] reports do not get through until they are released
 * @property {(stage: Stage) => Promise<void>} [drive] what happens to it; nothing by default
 */

/** Heartbeats that are not reached. */
const rarely = { heartbeatInterval: "1h" };
const often = { heartbeatInterval: "500ms" };
const untilFinished = true;

/** @type {Readonly<Record<string, Scenario>>} */
export const scenarios = {
  completed: {
    plan: { untilFinished, callback: rarely },
    async drive({ caller, runner, open }) {
      await caller.waits();
      await open("before-heartbeats");
      await runner.finish();
    },
  },
  "agent-completed": { kind: "agent", plan: { callback: rarely } },
  failed: { plan: { status: "failed", callback: rarely } },
  "agent-failed": { kind: "agent", plan: { status: "failed", callback: rarely } },
  thrown: { plan: { throws: "failure", callback: rarely } },
  unfinished: { plan: { status: "unfinished", callback: rarely } },
  unsendable: { plan: { isUnsendable: true, callback: rarely } },
  "too-large": { plan: { outputBytes: 200_000, callback: { ...rarely, payloadLimit: 100_000 } } },
  "thrown-too-large": {
    plan: {
      throws: "failure",
      outputBytes: 200_000,
      callback: { ...rarely, payloadLimit: 100_000 },
    },
  },
  heartbeats: {
    plan: { untilFinished, callback: often },
    async drive({ runner, open }) {
      await runner.retries("HeartbeatExternalActivity");
      await open("heartbeating");
      await runner.finish();
    },
  },
  "report-retried": {
    plan: { untilFinished, callback: often },
    holdsReports: true,
    async drive({ runner, releaseReports, open }) {
      await runner.retries("HeartbeatExternalActivity");
      await runner.finish();
      await runner.retries("CompleteExternalActivity");
      await open("reporting");
      releaseReports();
    },
  },
  "failure-report-retried": {
    plan: { status: "failed", callback: rarely },
    holdsReports: true,
    async drive({ runner, releaseReports, open }) {
      await runner.retries("FailExternalActivity");
      await open("reporting");
      releaseReports();
    },
  },
  "report-given-up": {
    plan: { callback: { ...rarely, reportTimeout: "2s" } },
    holdsReports: true,
    async drive({ runner, endActivity, open }) {
      await runner.ends();
      await open("unreported");
      await endActivity((completion, token) => completion.complete(token, undefined));
    },
  },
  misdirected: {
    plan: { untilFinished, callback: often },
    options: { scheduleToCloseTimeout: "5s" },
    isMisdirected: true,
    async drive({ runner, open }) {
      await runner.has("activityTaskFailed");
      await open("without-heartbeats");
      await runner.finish();
    },
  },
  "cancelled-by-caller": {
    plan: { untilFinished, cleansUp: true, callback: often },
    holdsReports: true,
    async drive({ caller, runner, releaseReports, open }) {
      await runner.retries("HeartbeatExternalActivity");
      await caller.cancel();
      await runner.has("activityTaskCompleted", 2);
      await runner.retries("HeartbeatExternalActivity");
      await open("cleaning-up");
      await runner.finish();
      await runner.retries("CancelExternalActivity");
      await open("reporting");
      releaseReports();
    },
  },
  "agent-cancelled-by-caller": {
    kind: "agent",
    plan: { untilFinished, throws: "cancellation", callback: often },
    async drive({ caller }) {
      await caller.waits();
      await caller.cancel();
    },
  },
  "cancelled-by-operator": {
    plan: { untilFinished, cleansUp: true, throws: "cancellation", callback: often },
    async drive({ runner, open }) {
      await runner.retries("HeartbeatExternalActivity");
      await runner.cancel();
      await runner.has("workflowExecutionCancelRequested");
      await open("cleaning-up");
      await runner.finish();
    },
  },
  "caller-gone": {
    plan: { untilFinished, cleansUp: true, callback: { ...often, maxMissedHeartbeats: 2 } },
    async drive({ caller, runner, open }) {
      await runner.retries("HeartbeatExternalActivity");
      await caller.terminate();
      await runner.has("activityTaskCompleted", 2);
      await open("cleaning-up");
      await runner.finish();
    },
  },
  rearmed: {
    plan: { untilFinished, callback: { heartbeatInterval: "3s" } },
    options: { heartbeatTimeout: "1s", retry: { initialInterval: "100ms" } },
    async drive({ runner, open }) {
      await runner.has("activityTaskCompleted", 2);
      await open("heartbeating");
      await runner.finish();
    },
  },
  "timed-out": {
    plan: { untilFinished, callback: rarely },
    options: { scheduleToCloseTimeout: "8s" },
    async drive({ caller, runner, open }) {
      await caller.waits();
      await caller.retries("ReadOutcome");
      await open("last-look");
      await caller.ends();
      await runner.finish();
    },
  },
  "failed-without-text": {
    plan: { status: "failed", callback: rarely },
    holdsReports: true,
    async drive({ runner, releaseReports, endActivity }) {
      await runner.retries("FailExternalActivity");
      const failure = ApplicationFailure.nonRetryable("", "ExecutionFailed");
      await endActivity((completion, token) => completion.fail(token, failure));
      releaseReports();
    },
  },
  "completed-by-hand": {
    plan: { untilFinished, callback: rarely },
    async drive({ caller, runner, endActivity, open }) {
      await caller.waits();
      await endActivity((completion, token) => completion.complete(token, undefined));
      await caller.retries("ReadOutcome");
      await open("reading");
      await runner.finish();
    },
  },
  "cancelled-while-reading": {
    plan: { untilFinished, callback: rarely },
    async drive({ caller, runner, endActivity }) {
      await caller.waits();
      await endActivity((completion, token) => completion.complete(token, undefined));
      await caller.retries("ReadOutcome");
      await caller.cancel();
      await caller.ends();
      await runner.finish();
    },
  },
  "completed-by-hand-when-cancelled": {
    plan: { untilFinished, callback: rarely },
    async drive({ caller, runner, endActivity, open }) {
      await caller.waits();
      await caller.cancel();
      await open("cancelling");
      await endActivity((completion, token) => completion.complete(token, undefined));
      await caller.retries("ReadOutcome");
      await open("reading");
      await runner.finish();
    },
  },
  nested: {
    plan: {
      nested: { scenario: "nested", untilFinished, callback: rarely },
      callback: often,
    },
    async drive({ caller, runner, nested, open }) {
      await caller.waits();
      await runner.retries("HeartbeatExternalActivity");
      await runner.waits();
      await open("waiting");
      await nested.finish();
    },
  },
  "nested-cancelled": {
    plan: {
      nested: { scenario: "nested-cancelled", untilFinished, cleansUp: true, callback: often },
      callback: often,
    },
    async drive({ caller, runner, nested, open }) {
      await runner.waits();
      await caller.cancel();
      await nested.has("activityTaskCompleted", 2);
      await open("cleaning-up");
      await nested.finish();
    },
  },
  "run-continued-as-new": {
    plan: { untilFinished, continuesAsNew: true, callback: often },
    async drive({ runner, open }) {
      await runner.retries("HeartbeatExternalActivity");
      await runner.finish();
      await runner.continuesAsNew();
      await runner.retries("HeartbeatExternalActivity");
      await open("heartbeating");
      await runner.finish();
    },
  },
  "call-continued-as-new": {
    plan: { callback: rarely },
    more: 1,
  },
};
