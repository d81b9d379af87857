import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buf, root } from "../buf.js";
import { readFolder } from "../derive/files.js";

/**
 * The files that `buf format` would change, each with the first line that it would.
 *
 * @returns {import("./steps.js").Finding[]}
 */
export function findUnformatted() {
  // Not by --diff, which needs a program of that name.
  const folder = mkdtempSync(join(tmpdir(), "stigmer-format-"));
  try {
    const { status, stderr } = buf("format", "--output", folder);
    if (status !== 0) throw new Error(`buf format failed:\n${stderr}`);
    const texts = readFolder(join(root, "apis"));
    const message = "The file is not formatted as `buf format` does it.";
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
 * @param {readonly string[]} lines
 * @param {readonly string[]} others
 */
function firstDifference(lines, others) {
  const index = lines.findIndex((line, at) => line !== others[at]);
  return index === -1 ? lines.length : index + 1;
}
