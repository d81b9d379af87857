import { fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A worker in a process of its own, as its parent sees it. */
export interface WorkerProcess {
  /** Has it finish what it does, and waits until it has ended. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

export interface WorkerEvents {
  /** Gets what the process prints, line by line. */
  onLine(line: string): void;
  /** Called when the process has ended without having been asked to. */
  onLoss(error: Error): void;
}

/** Starts a worker's program, which stands beside this one. */
export function startWorkerProcess(
  program: string,
  env: NodeJS.ProcessEnv,
  { onLine, onLoss }: WorkerEvents,
): WorkerProcess {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = fork(path, { env, stdio: ["ignore", "pipe", "inherit", "ipc"] });
  if (child.stdout) createInterface({ input: child.stdout }).on("line", onLine);
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);

  let isExpected = false;
  // Closed, and not only ended: everything that it has printed has been read.
  const closed = once(child, "close").then(([code, signal]) => {
    process.removeListener("exit", killAtExit);
    const how = code === null ? signal : `exit status ${code}`;
    if (!isExpected) onLoss(new Error(`${program} has ended: ${how}`));
  });

  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    isExpected = true;
    child.kill(signal);
    await closed;
  }
  return {
    async stop() {
      const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await end("SIGTERM");
      clearTimeout(patience);
    },
    kill: () => end("SIGKILL"),
  };
}
