import { cp } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../../scripts/buf.js";
import { writeCodeBlock } from "../../support/code-block.js";
import { type Program, startProgram } from "../program.js";
import { template } from "../python.js";
import type { Reader } from "../reader.js";

/** Lets a service of somebody who has followed the README check requests, and starts it. */
export async function startPython(reader: Reader): Promise<Program> {
  await reader.follow("venv", "rules=true");
  const folder = join(reader.folder, "server");
  await cp(join(root, "test/codegen/rules/python"), folder, { recursive: true });
  await writeCodeBlock(template(), "class Validation", join(folder, "validation.py"));
  return startProgram([join(reader.folder, ".venv/bin/python3"), join(folder, "main.py")]);
}
