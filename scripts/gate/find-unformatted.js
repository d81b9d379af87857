import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buf, root } from "../buf.js";
import { readFolder } from "../derive/files.js";

const message = "The file is not formatted as `buf format` does it.";

/**
 * The files that `buf format` would change, each with the first line that it would.
 *
 * @returns {import("./steps.js").Finding[]}
 */
export function findUnformatted() {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-format-"));
  try {
    const texts = readFolder(join(root, "apis"));
    const { status, stderr } = buf("format", "apis", "--output", folder);
    if (lacksDiff(stderr)) return findWithoutDiff([...texts.keys()]);
    if (status !== 0) throw new Error(`buf format failed:\n${stderr}`);
    return [...readFolder(folder)].flatMap(([path, formatted]) => {
      const text = texts.get(path) ?? "";
      if (text === formatted) return [];
      const line = firstDifference(text.split("\n"), formatted.split("\n"));
      return [{ path: `apis/${path}`, line, rule: "FORMAT", message }];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Buf compares with a program called diff, whether it is asked for differences or not. Where there is
 * none, as on Windows, it fails for the files that it would change, and for no other.
 *
 * @param {string} stderr
 */
function lacksDiff(stderr) {
  return stderr.includes('exec: "diff"');
}

/**
 * @param {readonly string[]} paths
 * @returns {import("./steps.js").Finding[]}
 */
function findWithoutDiff(paths) {
  return paths
    .map((path) => `apis/${path}`)
    .filter((path) => lacksDiff(buf("format", path).stderr))
    .map((path) => ({ path, rule: "FORMAT", message }));
}

/**
 * @param {readonly string[]} lines
 * @param {readonly string[]} others
 */
function firstDifference(lines, others) {
  const index = lines.findIndex((line, at) => line !== others[at]);
  return index === -1 ? lines.length : index + 1;
}
