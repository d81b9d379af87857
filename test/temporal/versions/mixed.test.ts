import { randomUUID } from "node:crypto";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { type Client, WorkflowFailedError, type WorkflowHandle } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporalAvailable } from "../server.js";
import { reportsOf } from "../world/observe.js";
import { until } from "../world/world.js";
import { loadVersion, type Version } from "./load-version.js";
import type { Plan } from "./program/workflows.js";
import { createReleased, current } from "./released.js";
import { useHandshakes } from "./use-handshakes.js";

const { EXECUTION_COMPLETED, EXECUTION_FAILED } = ExecutionPhase;

type VersionName = "released" | "current";

/** Whose workflows and activities are of which version. */
interface Mixture {
  readonly caller: { readonly workflows: VersionName; readonly activities: VersionName };
  readonly runner: { readonly workflows: VersionName; readonly activities: VersionName };
}

const released = { workflows: "released", activities: "released" } as const;
const present = { workflows: "current", activities: "current" } as const;
const mixtures: [name: string, Mixture][] = [
  ["a released caller and a current runner", { caller: released, runner: present }],
  ["a current caller and a released runner", { caller: present, runner: released }],
  [
    "a runner's released workflows and current activities",
    { caller: present, runner: { workflows: "released", activities: "current" } },
  ],
  [
    "a runner's current workflows and released activities",
    { caller: present, runner: { workflows: "current", activities: "released" } },
  ],
  [
    "a caller's released workflows and current activities",
    { caller: { workflows: "released", activities: "current" }, runner: present },
  ],
  [
    "a caller's current workflows and released activities",
    { caller: { workflows: "current", activities: "released" }, runner: present },
  ],
];

interface Handshake {
  readonly kind: "workflow" | "agent";
  readonly plan: Partial<Plan>;
  readonly options?: object;
  /** What is done while the execution runs. */
  readonly meanwhile?: (
    call: WorkflowHandle,
    runner: WorkflowHandle,
    client: Client,
  ) => Promise<unknown>;
  readonly outcome: object;
  readonly report: string | RegExp;
}

const handshakes: [name: string, Handshake][] = [
  [
    "a workflow execution that completes",
    {
      kind: "workflow",
      plan: { answer: "shipped" },
      outcome: { phase: EXECUTION_COMPLETED, output: { answer: "shipped" } },
      report: "CompleteExternalActivity: reported",
    },
  ],
  [
    "an agent execution that completes",
    {
      kind: "agent",
      plan: { answer: "on Monday" },
      outcome: { phase: EXECUTION_COMPLETED, messages: [{ content: "on Monday" }] },
      report: "CompleteExternalActivity: reported",
    },
  ],
  [
    "an execution that fails",
    {
      kind: "agent",
      plan: { error: "out of stock" },
      outcome: {
        name: "ApplicationFailure",
        type: "ExecutionFailed",
        message: "out of stock",
        details: [{ phase: EXECUTION_FAILED }],
      },
      report: "FailExternalActivity: reported",
    },
  ],
  [
    "an execution that its caller cancels",
    {
      kind: "workflow",
      plan: { untilFinished: true },
      meanwhile: async (call, runner) => {
        await untilHeartbeat(runner);
        await call.cancel();
      },
      outcome: { name: "CancelledFailure" },
      report: "CancelExternalActivity: reported",
    },
  ],
  [
    "an execution whose caller waits with another token than at first",
    {
      kind: "workflow",
      plan: { untilFinished: true, answer: "late", callback: { heartbeatInterval: "3s" } },
      options: { heartbeatTimeout: "1s" },
      meanwhile: async (_call, runner) => {
        await until("the runner has learned of the token", async () =>
          (await activitiesOf(runner, "activityTaskCompletedEventAttributes")).includes(
            "HeartbeatExternalActivity",
          ),
        );
        await runner.signal("finish");
      },
      outcome: { phase: EXECUTION_COMPLETED, output: { answer: "late" } },
      // The caller's next attempt may find the end before it is reported.
      report: /^CompleteExternalActivity: (?:reported|already-settled)$/,
    },
  ],
  [
    "an execution of whose end nobody tells its caller",
    {
      kind: "agent",
      plan: { untilFinished: true, answer: "read" },
      meanwhile: async (call, runner, client) => {
        await untilHeartbeat(runner);
        // As an operator may do.
        await client.activity.complete({ workflowId: call.workflowId, activityId: "1" }, null);
        await until("the caller reads", async () => {
          const { raw } = await call.describe();
          return (raw.pendingActivities ?? []).some(
            ({ activityType, attempt }) =>
              activityType?.name === "ReadOutcome" && (attempt ?? 0) > 1,
          );
        });
        await runner.signal("finish");
      },
      outcome: { phase: EXECUTION_COMPLETED, messages: [{ content: "read" }] },
      report: "CompleteExternalActivity: already-settled",
    },
  ],
];

type Ended = "activityTaskCompletedEventAttributes" | "activityTaskFailedEventAttributes";

/** The activities of a workflow that have ended in this way. */
async function activitiesOf(handle: WorkflowHandle, how: Ended): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    const scheduledId = event[how]?.scheduledEventId;
    const scheduled = events?.find(
      ({ eventId }) => scheduledId && String(eventId) === String(scheduledId),
    );
    return scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? [];
  });
}

async function untilHeartbeat(runner: WorkflowHandle): Promise<void> {
  await until("the runner sends heartbeats", async () => {
    const { raw } = await runner.describe();
    return (raw.pendingActivities ?? []).some(
      ({ activityType, attempt }) =>
        activityType?.name === "HeartbeatExternalActivity" && (attempt ?? 0) > 1,
    );
  });
}

/** What a call has returned, or what has failed it. */
async function outcomeOf(call: WorkflowHandle): Promise<unknown> {
  return call.result().catch((error: unknown) => {
    if (error instanceof WorkflowFailedError) return error.cause;
    throw error;
  });
}

describe.skipIf(!temporalAvailable())("beside the version that was released last,", () => {
  const { client, service, startWorker, call, runnerOf } = useHandshakes();
  let project: ReturnType<typeof createReleased>;
  let versions: Record<VersionName, Version>;

  beforeAll(async () => {
    project = createReleased();
    versions = {
      released: await loadVersion(project.folder),
      current: await loadVersion(current),
    };
  });
  afterAll(() => project?.remove());

  /** Starts the workers of one side, of which each has either workflows or activities. */
  async function startSide(
    { workflows, activities }: Mixture["caller"],
    activitiesIn: (version: Version) => object,
  ): Promise<string> {
    const taskQueue = randomUUID();
    const { workflowBundle, dataConverter } = versions[workflows];
    await startWorker({ taskQueue, workflowBundle, dataConverter });
    const others = versions[activities];
    await startWorker({
      taskQueue,
      activities: activitiesIn(others),
      dataConverter: others.dataConverter,
    });
    return taskQueue;
  }

  describe.each(mixtures)("%s", (_name, { caller, runner }) => {
    let queues: { caller: string; runner: string };
    beforeAll(async () => {
      queues = {
        caller: await startSide(caller, ({ activities }) => activities.callerActivities(service())),
        runner: await startSide(runner, ({ activities }) =>
          activities.runnerActivities(service(), client()),
        ),
      };
    });

    it.concurrent.each(handshakes)(
      "end %s as one version does",
      async (_name, { kind, plan, options, meanwhile, outcome, report }) => {
        const handle = await call(
          queues.caller,
          kind,
          { ...plan, taskQueue: queues.runner },
          options,
        );
        const run = await runnerOf(handle);
        await meanwhile?.(handle, run, client());
        expect(await outcomeOf(handle)).toMatchObject(outcome);
        await run.result().catch(() => {});
        expect(await reportsOf({ runnerClient: client() }, run.workflowId)).toEqual([
          expect.stringMatching(report),
        ]);
      },
    );
  });
});
