import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Runs a program in a folder; resolves to its standard output. Throws with all that it has said when
 * it fails.
 */
export async function run(folder: string, program: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, maxBuffer: 2 ** 28 };
  try {
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const command = [program, ...args].join(" ");
    throw new Error(`${command}\n${stdout}${stderr}`, { cause: error });
  }
}
