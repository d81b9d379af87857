import { spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "../world/world.js";

export interface GoWorker {
  /** What it has printed. */
  readonly output: () => string;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
}

/** What the command line of a worker says; see internal/worker. */
export interface GoWorkerOptions {
  readonly address: string;
  readonly taskQueue: string;
  /** Base URL of the execution service. */
  readonly service: string;
  /** Writes messages as `binary/protobuf`. */
  readonly binary?: boolean;
  /** Leaves workflows to another worker of the task queue. */
  readonly activitiesOnly?: boolean;
}

/** Starts the program of a worker in Go. Resolves when it polls its task queue. */
export async function startGoWorker(program: string, options: GoWorkerOptions): Promise<GoWorker> {
  const child = spawn(
    program,
    [
      `-address=${options.address}`,
      `-task-queue=${options.taskQueue}`,
      `-service=${options.service}`,
      `-binary=${options.binary ?? false}`,
      `-activities-only=${options.activitiesOnly ?? false}`,
    ],
    // It ends when its input does, so also when this process is killed.
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const ended = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const alive = () => child.exitCode === null && child.signalCode === null;
  await until("a worker in Go has started", () => {
    if (!alive()) throw new Error(`a worker in Go has ended:\n${output}`);
    return output.includes("Started Worker");
  });
  return {
    output: () => output,
    async kill() {
      if (alive()) child.kill("SIGKILL");
      await ended;
    },
  };
}
