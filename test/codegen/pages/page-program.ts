import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

/** A program of a page, as the page says to run it. */
export interface PageProgram {
  /** What it has printed. */
  output(): string;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
}

/** Runs a line of shell, with variables in front of a command. */
export function runProgram(line: string, options: Pick<SpawnOptions, "cwd" | "env">): PageProgram {
  // Without a shell in between, which would be killed in its place.
  const child = spawn("sh", ["-c", `exec env ${line}`], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return {
    output: () => output,
    async kill() {
      if (child.exitCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}
