import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../build/examples/handshake/main.js", import.meta.url));

export interface Run {
  /** The exit status; null when a signal has ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether a process that it has started is still there. */
  isAnyLeft(): boolean;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A module beside this one that is loaded before, into the worker processes too. */
  readonly preload?: string;
  /** Called with all that it has printed so far, each time that it prints something. */
  readonly onStdout?: (stdout: string, main: ChildProcess) => void;
}

/** Runs the main job as its npm script does. */
export async function runHandshake(
  args: readonly string[],
  { env = {}, preload, onStdout }: RunOptions = {},
): Promise<Run> {
  const path = preload && fileURLToPath(new URL(preload, import.meta.url));
  const child = spawn(process.execPath, [...(path ? ["--import", path] : []), main, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // Of a group of its own, so that one can tell what is left of it.
    detached: true,
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    printed += chunk;
    onStdout?.(printed, child);
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr, isAnyLeft: () => isGroup(child.pid) };
}

function isGroup(pid: number | undefined): boolean {
  try {
    process.kill(-(pid as number), 0);
    return true;
  } catch {
    return false;
  }
}
