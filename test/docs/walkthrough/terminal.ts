import { spawn } from "node:child_process";
import { once } from "node:events";

/** A command that somebody has typed. */
export interface Terminal {
  readonly command: string;
  /** All that was printed so far, on both outputs. */
  printed(): string;
  /** Resolves when it has printed that. Rejects when it ends before. */
  until(pattern: RegExp): Promise<void>;
  /** Resolves when it has ended, to its standard output and exit status. */
  readonly ended: Promise<{ readonly stdout: string; readonly code: number | null }>;
  /** Presses Ctrl-C. */
  interrupt(): void;
  /** Ends it and all that it has started. */
  kill(): void;
}

export function openTerminal(command: string, cwd: string, env: NodeJS.ProcessEnv): Terminal {
  // A group of its own, which is what Ctrl-C reaches.
  const options = { cwd, env, detached: true } as const;
  const child = spawn("sh", ["-ec", command], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const ended = once(child, "close").then(([code]) => ({ stdout, code }));
  const signal = (name: "SIGINT" | "SIGKILL") => {
    try {
      process.kill(-(child.pid as number), name);
    } catch {
      // Nothing of it is left.
    }
  };
  const killAtExit = () => signal("SIGKILL");
  process.once("exit", killAtExit);
  void ended.then(() => process.removeListener("exit", killAtExit));
  return {
    command,
    printed: () => printed,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(printed)) resolve();
        };
        child.stdout.on("data", look);
        void ended.then(() => reject(new Error(`${command} has ended:\n${printed}`)));
        look();
      }),
    ended,
    interrupt: () => signal("SIGINT"),
    kill: () => signal("SIGKILL"),
  };
}
