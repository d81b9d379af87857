import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/buf.js";

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** Where a command runs. */
export interface Place {
  readonly folder: string;
  /** Folders to search before those of PATH. */
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command, with buf on its PATH; resolves to its standard output. Throws with all that it has
 * said when it fails.
 */
export async function run(command: Command, { folder, path = [], env }: Place): Promise<string> {
  const bin = join(root, "node_modules/.bin");
  const PATH = [...path, bin, process.env.PATH].join(delimiter);
  const [program, ...args] = command;
  const options = { cwd: folder, env: { ...process.env, ...env, PATH }, maxBuffer: 2 ** 28 };
  try {
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}
