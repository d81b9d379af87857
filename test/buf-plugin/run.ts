import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { rules } from "../../src/buf-plugin/rules/index.js";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));
export const bufPath: string = `${root}node_modules/.bin/buf`;
/** The plugin as vitest's global setup has built it. */
export const pluginPath: string = `${root}dist/src/buf-plugin/main.js`;

export interface Result {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface Options {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What stands on stdin; without it stdin is closed. */
  readonly input?: Uint8Array | string;
}

/** Runs a program, and kills it when it takes a minute: it then has no exit code. */
export function run(command: string, args: string[], options: Options = {}): Promise<Result> {
  const { cwd, env, input } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      timeout: 60_000,
      killSignal: "SIGKILL",
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
    // A program that does not want its input may have ended before it was written.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** Runs the built plugin as buf does. */
export function plugin(args: string[], input?: Uint8Array | string): Promise<Result> {
  return run(process.execPath, [pluginPath, ...args], input === undefined ? {} : { input });
}

const optional = rules.filter(({ isOptional }) => isOptional).map(({ id }) => id);

/** A buf.yaml that has these rules only, of this plugin: all of them, where no lint rules are named. */
export function bufYaml(
  lint: readonly string[] = ["STIGMER"],
  command: readonly string[] = ["node", pluginPath],
): string {
  return JSON.stringify({
    version: "v2",
    plugins: [{ plugin: command }],
    lint: { use: lint },
    breaking: { use: ["STIGMER", ...optional] },
  });
}

/** One finding, as `buf --error-format json` prints it. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly start_column: number;
  readonly type: string;
  readonly message: string;
}

export function annotationsOf({ stdout }: Result): Annotation[] {
  const lines = stdout.toString().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Annotation);
}
