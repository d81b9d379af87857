import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's root. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs buf in the checkout, with the plugins of node_modules on its PATH.
 *
 * @param {...string} args
 * @returns {{ status: number, stdout: Buffer, stderr: string }}
 */
export function buf(...args) {
  const bin = join(root, "node_modules", ".bin");
  const { status, stdout, stderr, error } = spawnSync(join(bin, "buf"), args, {
    cwd: root,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  return { status: status ?? -1, stdout, stderr: stderr.toString().trim() };
}
