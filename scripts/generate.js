// Writes gen/ from apis/. With --check, writes nothing, lists the files that differ from what apis/
// gives, and exits with 1 when there are any.
import { parseArgs } from "node:util";
import { root } from "./buf.js";
import { findStubDrift, generateStubs } from "./stubs.js";

try {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  if (!values.check) {
    generateStubs(root);
  } else {
    const drift = findStubDrift();
    if (drift.length > 0) {
      console.error("gen/ is not what apis/ gives; run `npm run generate` and commit:");
      for (const { path, state } of drift) console.error(`  ${state}  ${path}`);
      process.exitCode = 1;
    }
  }
} catch (error) {
  console.error(`generate: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
