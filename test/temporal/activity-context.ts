import { asyncLocalStorage, Context, type Info } from "@temporalio/activity";
import { noopMetricMeter } from "@temporalio/common";

/** One attempt of an activity, without a server around it. */
export interface Attempt {
  readonly context: Context;
  /** The details of its heartbeats. */
  readonly heartbeats: readonly unknown[];
  /** What it has logged: the text and the attributes of each line. */
  readonly logged: readonly { readonly message: string; readonly meta?: unknown }[];
  /** Runs a part of the activity in the attempt. */
  run<T>(activity: () => Promise<T>): Promise<T>;
}

const nothing: Info = {
  taskToken: Uint8Array.of(1),
  base64TaskToken: "AQ==",
  activityId: "1",
  activityType: "unknown",
  activityNamespace: "default",
  attempt: 1,
  isLocal: false,
  workflowExecution: { workflowId: "workflow", runId: "run" },
  workflowNamespace: "default",
  workflowType: "unknown",
  scheduledTimestampMs: 0,
  scheduleToCloseTimeoutMs: 0,
  startToCloseTimeoutMs: 60_000,
  currentAttemptScheduledTimestampMs: 0,
  heartbeatDetails: undefined,
  taskQueue: "default",
  namespace: "default",
  inWorkflow: true,
};

/** An attempt whose worker has been told this of it. */
export function attemptOf(info: Partial<Info> = {}): Attempt {
  const heartbeats: unknown[] = [];
  const logged: { message: string; meta?: unknown }[] = [];
  const line = (message: string, meta?: unknown) => void logged.push({ message, meta });
  const context = new Context(
    { ...nothing, ...info },
    new Promise(() => {}),
    new AbortController().signal,
    // As the next attempt gets them, which is by a payload.
    (details) => void heartbeats.push(JSON.parse(JSON.stringify(details))),
    undefined,
    {
      log: (_, message, meta) => line(message, meta),
      trace: line,
      debug: line,
      info: line,
      warn: line,
      error: line,
    },
    noopMetricMeter,
    {},
  );
  return {
    context,
    heartbeats,
    logged,
    run: (activity) => asyncLocalStorage.run(context, activity),
  };
}
