// Fuzzes src/wire with a million inputs. FUZZ_INPUTS=… takes another number of them, FC_SEED=…
// repeats a run: the seed is printed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./buf.js";

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const { status, error } = spawnSync(
  process.execPath,
  [vitest, "run", "--reporter=default", "test/wire/fuzz.property.test.ts"],
  { cwd: root, stdio: "inherit", env: { FUZZ_INPUTS: "1000000", ...process.env } },
);
if (error) throw error;
process.exitCode = status ?? 1;
