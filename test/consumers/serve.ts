import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Served {
  /** What the program has said when it was ready. */
  readonly said: RegExpExecArray;
  /** Ends the program. */
  stop(): Promise<void>;
}

/**
 * Starts a program that serves. Resolves when its output, also that at its descriptor 3, matches.
 * Rejects with all of it when the program ends before.
 */
export async function serve(
  folder: string,
  ready: RegExp,
  env: Readonly<Record<string, string>>,
  program: string,
  ...args: string[]
): Promise<Served> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const exit = once(child, "exit");
  let output = "";
  const said = await new Promise<RegExpExecArray>((resolve, reject) => {
    for (const stream of child.stdio.slice(1)) {
      stream?.on("data", (data: Buffer) => {
        output += data;
        const match = ready.exec(output);
        if (match) resolve(match);
      });
    }
    exit.then(() => reject(new Error(`${program} has ended\n${output}`)), reject);
  });
  return {
    said,
    async stop() {
      child.kill();
      await exit;
    },
  };
}
