import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../buf.js";

/**
 * @template Test
 * @typedef {{ name: string, assertionResults: Test[] }} TestFile
 */

/**
 * Runs the tests of a folder of test/, and hands on what they have found when all have passed.
 *
 * @template Test
 * @param {string} folder
 * @param {string} results Where its config has Vitest write them.
 * @param {(files: TestFile<Test>[]) => void} report
 */
export function runTests(folder, results, report) {
  const path = join(root, results);
  try {
    parseArgs();
    rmSync(path, { force: true });
    const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run"];
    const config = ["--config", `test/${folder}/vitest.config.ts`];
    const { status } = spawnSync(process.execPath, [...vitest, ...config], {
      cwd: root,
      stdio: "inherit",
    });
    if (status === 0) report(JSON.parse(readFileSync(path, "utf8")).testResults);
    else process.exitCode = 1;
  } catch (error) {
    console.error(`test-${folder}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  }
}
