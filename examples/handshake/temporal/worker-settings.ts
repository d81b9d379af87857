// What a worker process is told, in its environment.

/** What caller and runner have in common. */
export interface WorkerSettings {
  readonly temporalAddress: string;
  readonly taskQueue: string;
  /** The file with the bundle of the workflows. */
  readonly workflowBundle: string;
  readonly executionServiceUrl: string;
  /** Where Prometheus finds the metrics of the worker, such as `127.0.0.1:9464`, if it is to. */
  readonly metricsAddress: string | undefined;
}

export function readWorkerSettings(): WorkerSettings {
  return {
    temporalAddress: readSetting("TEMPORAL_ADDRESS"),
    taskQueue: readSetting("TASK_QUEUE"),
    workflowBundle: readSetting("WORKFLOW_BUNDLE"),
    executionServiceUrl: readSetting("EXECUTION_SERVICE_URL"),
    metricsAddress: process.env.METRICS_ADDRESS,
  };
}

export function readSetting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`expected the environment variable ${name}`);
  return value;
}
