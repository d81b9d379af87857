// Writes docs/reference/ from the comments of apis/ and src/. With --check, writes nothing, lists the
// pages that differ from what these give, and exits with 1 when there are any.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./buf.js";
import { findDrift } from "./docs/drift.js";
import { renderReference } from "./docs/reference.js";

const folder = "docs/reference";

try {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const pages = renderReference();
  if (values.check) {
    const drift = findDrift(join(root, folder), pages);
    if (drift.length > 0) {
      console.error(`${folder}/ is not what apis/ and src/ give; run \`npm run docs\` and commit:`);
      for (const { path, state } of drift) console.error(`  ${state}  ${folder}/${path}`);
      process.exitCode = 1;
    }
  } else {
    rmSync(join(root, folder), { recursive: true, force: true });
    for (const [path, text] of pages) {
      const file = join(root, folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
} catch (error) {
  console.error(`docs: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
