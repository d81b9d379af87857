import type { Context, Info } from "@temporalio/activity";
import type { LogMetadata } from "@temporalio/common";
import { MockActivityEnvironment } from "@temporalio/testing";
import { recordingMeter, type Value } from "./recording-meter.js";

/** One attempt of an activity, without a server around it. */
export interface Attempt {
  readonly context: Context;
  /** The details of its heartbeats. */
  readonly heartbeats: readonly unknown[];
  /** What it has logged: the text and the attributes of each line. */
  readonly logged: readonly { readonly message: string; readonly meta?: unknown }[];
  /** What it has counted and measured. */
  readonly measured: readonly Value[];
  /** Runs a part of the activity in the attempt. */
  run<T>(activity: () => Promise<T>): Promise<T>;
  /** As the worker does, once it has heard that the attempt is cancelled, or else over. */
  readonly cancel: MockActivityEnvironment["cancel"];
}

/** An attempt whose worker has been told this of it. */
export function attemptOf(info: Partial<Info> = {}): Attempt {
  const heartbeats: unknown[] = [];
  const logged: { message: string; meta?: unknown }[] = [];
  const line = (message: string, { sdkComponent, ...meta }: LogMetadata = {}) => {
    // The others are the worker's own.
    if (sdkComponent === "activity") logged.push({ message, meta });
  };
  const measured: Value[] = [];
  const environment = new MockActivityEnvironment(
    { startToCloseTimeoutMs: 60_000, ...info },
    {
      logger: {
        log: (_, message, meta) => line(message, meta),
        trace: line,
        debug: line,
        info: line,
        warn: line,
        error: line,
      },
      metricMeter: recordingMeter((value) => measured.push(value)),
      // What the worker adds to every line and value tells nothing of the activity's.
      interceptors: [
        () => ({ outbound: { getLogAttributes: () => ({}), getMetricTags: () => ({}) } }),
      ],
    },
  );
  // As the next attempt gets them, which is by a payload.
  environment.on("heartbeat", (details) => heartbeats.push(JSON.parse(JSON.stringify(details))));
  return {
    context: environment.context,
    heartbeats,
    logged,
    measured,
    run: (activity) => environment.run(activity),
    cancel: environment.cancel,
  };
}
