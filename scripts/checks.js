// Builds, and runs side by side all checks that are no tests. What one has to say is printed when it
// has ended; one that fails stops no other.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { root } from "./buf.js";

const build = "npm run --silent build:examples";
// Those that take long first.
const checks = [
  "npm run --silent check:package",
  "node scripts/gate.js",
  "npm run --silent typecheck",
  "npm run --silent lint",
];

try {
  parseArgs();
  const { status } = spawnSync(build, { cwd: root, shell: true, stdio: "inherit" });
  const failed = status === 0 ? (await Promise.all(checks.map(run))).flat() : [build];
  for (const check of failed) console.error(`checks: failed: ${check}`);
  if (failed.length > 0) process.exitCode = 1;
} catch (error) {
  console.error(`checks: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

/**
 * @param {string} check
 * @returns {Promise<string[]>} The check, if it fails.
 */
async function run(check) {
  // Both outputs in one, in the order in which they are written.
  const child = spawn(`${check} 2>&1`, {
    cwd: root,
    // To pack the package would build it once more, under the checks that read the build.
    env: { ...process.env, npm_config_ignore_scripts: "true" },
    shell: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, "close")]);
  process.stdout.write(output);
  return status === 0 ? [] : [check];
}
