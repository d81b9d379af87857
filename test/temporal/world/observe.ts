// What a test sees of a call from outside.

import { isMessage } from "@bufbuild/protobuf";
import type { Execution, ExecutionStatus } from "@stigmer/apis";
import {
  decodeTemporalWorkflowOutput,
  type TemporalWorkflowOutput,
} from "@stigmer/apis/temporal/workflow";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import {
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from "@temporalio/client";
import { ActivityFailure, ApplicationFailure, defaultPayloadConverter } from "@temporalio/common";
import { expect } from "vitest";
import { until, type WorkerProcess, type World } from "./world.js";

/**
 * For a caller whose attempts time out only when the server has lost one on its way to a worker, so
 * that something else ends the activity.
 */
export const patient = { heartbeatTimeout: "1m", startToCloseTimeout: "5m" } as const;

/** What a runner's log says of a report. */
export const reported = "reported to the waiting activity";
export const dropped = "no activity waits for this report; dropped";
export const failed = "the waiting activity could not be told how its execution ended";

/** The id of the execution that a caller's workflow has created, once it has. */
export async function executionOf(world: World, call: WorkflowHandle): Promise<string> {
  await until("the execution is created", () => createdBy(world, call).length > 0);
  return createdBy(world, call)[0]?.metadata?.id ?? "";
}

/** Resolves when the caller's activity is pending: it has left the worker, and waits. */
export async function untilPending(call: WorkflowHandle, caller: WorkerProcess): Promise<void> {
  await until("the activity has told which execution it waits for", async () => {
    const { raw } = await call.describe();
    return raw.pendingActivities?.some(({ heartbeatDetails }) => heartbeatDetails) ?? false;
  });
  await caller.idle();
}

/** Resolves when the body of the execution runs. */
export async function untilRunning(world: World, id: string): Promise<void> {
  await until(`${id} runs`, async () => {
    const phase = (await storedStatus(world, id))?.phase ?? 0;
    return phase >= ExecutionPhase.EXECUTION_IN_PROGRESS;
  });
}

/** Resolves when so many more heartbeats have been made: in vain, if the caller is gone. */
export async function untilBeaten(world: World, id: string, count: number): Promise<void> {
  const beats = async () => {
    const { raw } = await world.runnerClient.workflow.getHandle(id).describe();
    const heartbeat = (raw.pendingActivities ?? []).find(
      ({ activityType }) => activityType?.name === "HeartbeatExternalActivity",
    );
    return heartbeat?.attempt ?? 0;
  };
  const before = await beats();
  await until(
    `${count} heartbeats of ${id} are made`,
    async () => (await beats()) >= before + count,
  );
}

/** What the execution service has of an execution. */
export async function storedExecution(world: World, id: string): Promise<Execution> {
  const { workflow, agent } = world.asRunner;
  const { queries } = id.startsWith("aex") ? agent : workflow;
  return queries.get({ value: id });
}

export async function storedStatus(world: World, id: string): Promise<ExecutionStatus | undefined> {
  return (await storedExecution(world, id)).status;
}

/** Has the body of an execution go on that waits for it (`untilFinished`). */
export async function finish(world: World, id: string): Promise<void> {
  await until(`${id} is told to finish`, async () => {
    try {
      await world.runnerClient.workflow.getHandle(id).signal("finish");
      return true;
    } catch (error) {
      // It exists, but has not been dispatched yet.
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  });
}

/** How the runner's own workflow says that its execution has ended: by an output, or a failure. */
export async function runnerResult(
  world: World,
  id: string,
): Promise<{ phase: number; output?: unknown }> {
  try {
    const result: ExecutionStatus | TemporalWorkflowOutput = await world.runnerClient.workflow
      .getHandle(id)
      .result();
    if ("$typeName" in result) return result;
    const { result: output } = decodeTemporalWorkflowOutput(result);
    return { phase: ExecutionPhase.EXECUTION_COMPLETED, output };
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    const [status] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
    if (!isMessage(status)) throw error;
    return status as ExecutionStatus;
  }
}

// temporal.api.enums.v1.RetryState, in as far as it is asked for here.
const retryStates: Partial<Record<number, string>> = { 2: "not retried", 3: "out of time" };

/**
 * The reports of a runner's workflow that have ended, in order: the activity, with what it has
 * returned, or the type of its error and why that was the end of it.
 */
export async function reportsOf(world: Pick<World, "runnerClient">, id: string): Promise<string[]> {
  const { events } = await world.runnerClient.workflow.getHandle(id).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const completed = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    const { scheduledEventId } = completed ?? failed ?? timedOut ?? {};
    const scheduled = events?.find(({ eventId }) => String(eventId) === String(scheduledEventId));
    const activity = scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? "";
    if (!/^(Complete|Fail|Cancel)ExternalActivity$/.test(activity)) return [];
    if (timedOut) return [`${activity}: timed out`];
    const [payload] = completed?.result?.payloads ?? [];
    if (payload) return [`${activity}: ${defaultPayloadConverter.fromPayload(payload)}`];
    const type = failed?.failure?.applicationFailureInfo?.type;
    return [`${activity}: ${type}, ${retryStates[failed?.retryState ?? 0]}`];
  });
}

/** Waits until a worker has logged a text so often, and no more. What it logs comes after what it does. */
export async function expectLogged(worker: WorkerProcess, text: string, times = 1): Promise<void> {
  const count = () => worker.output().split(text).length - 1;
  await until(`${text} (${times})`, () => count() >= times);
  expect(count()).toBe(times);
}

/**
 * Expects that the caller's workflow gets the result of its execution, and that all of this has
 * happened once.
 */
export async function expectCompletedOnce(world: World, call: WorkflowHandle): Promise<void> {
  const result = await call.result();
  const id = await expectOnce(world, call);
  const { EXECUTION_COMPLETED } = ExecutionPhase;
  expect([result.phase, result.error]).toEqual([EXECUTION_COMPLETED, ""]);
  if (id.startsWith("wex")) expect(result.output).toEqual({ from: id });
  expect((await storedStatus(world, id))?.phase).toBe(EXECUTION_COMPLETED);
}

/**
 * Expects that the caller's workflow fails as its execution has, with this error, and that all of
 * this has happened once.
 */
export async function expectFailedOnce(
  world: World,
  call: WorkflowHandle,
  error: string,
): Promise<void> {
  const failure = await failureOf(call);
  const id = await expectOnce(world, call);
  const phase = ExecutionPhase.EXECUTION_FAILED;
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    type: "ExecutionFailed",
    message: error,
    // The text stands in the failure once.
    details: [{ phase, error: "" }],
  });
  expect(await storedStatus(world, id)).toMatchObject({ phase, error });
}

/** What the activity of a caller's workflow has failed with. */
export async function failureOf(call: WorkflowHandle): Promise<Error | undefined> {
  const failed: unknown = await call.result().catch((error: unknown) => error);
  if (!(failed instanceof WorkflowFailedError)) throw new Error("expected the workflow to fail");
  return failed.cause instanceof ActivityFailure ? failed.cause.cause : failed.cause;
}

/**
 * Expects that a call has led to one execution, one run of its runner and one end of one activity.
 * Returns the id of the execution.
 */
export async function expectOnce(world: World, call: WorkflowHandle): Promise<string> {
  const created = createdBy(world, call).map(({ metadata }) => metadata?.id ?? "");
  expect(created).toHaveLength(1);
  const [id = ""] = created;
  const events = (await call.fetchHistory()).events ?? [];
  const scheduled = events.filter(({ activityTaskScheduledEventAttributes: activity }) =>
    activity?.activityType?.name?.startsWith("Execute"),
  );
  const scheduledIds = scheduled.map(({ eventId }) => String(eventId));
  const ended = events.filter((event) => {
    const { scheduledEventId } =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes ??
      {};
    return scheduledIds.includes(String(scheduledEventId));
  });
  expect([scheduled.length, ended.length]).toEqual([1, 1]);
  const { spec } = await storedExecution(world, id);
  expect(spec?.runtimeEnv.API_KEY?.value).toMatch(/^sk-live-/);
  await until(`one run of ${id} is visible`, async () => {
    const { count } = await world.runnerClient.workflow.count(`WorkflowId = "${id}"`);
    return count === 1;
  });
  return id;
}

function createdBy(world: World, call: WorkflowHandle): readonly Execution[] {
  return world.created.filter(({ metadata }) =>
    metadata?.tags.some((tag) => tag.startsWith(`temporal:${runIdOf(call)}/`)),
  );
}

function runIdOf(call: WorkflowHandle): string {
  if ("firstExecutionRunId" in call) return String(call.firstExecutionRunId);
  throw new Error("expected the handle of a workflow that was started here");
}
