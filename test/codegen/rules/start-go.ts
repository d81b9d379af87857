import { cp } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../../scripts/buf.js";
import { writeCodeBlock } from "../../support/code-block.js";
import { type Program, startProgram } from "../program.js";
import { installed } from "../project.js";
import type { Reader } from "../reader.js";
import { run } from "../run.js";

/** Lets a service of somebody who has followed the README check requests, and starts it. */
export async function startGo(reader: Reader): Promise<Program> {
  const folder = join(reader.folder, "orders");
  await cp(join(root, "test/codegen/rules/go"), join(folder, "server"), { recursive: true });
  const file = join(folder, "validation/validation.go");
  await writeCodeBlock(join(installed(), "codegen/go"), "package validation", file);
  await reader.follow("npm install", "buf.gen.rules.yaml");
  const program = join(folder, "bin/server");
  const flags = ["-trimpath", "-buildvcs=false"];
  await run(["go", "build", ...flags, "-o", program, "./server"], { folder });
  return startProgram([program]);
}
