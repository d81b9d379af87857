import { defineConfig } from "vitest/config";
import { root } from "../../scripts/buf.js";

export default defineConfig({
  root,
  test: {
    include: ["test/consumers/**/*.test.ts"],
    globalSetup: "test/consumers/install.ts",
    env: { NEXT_TELEMETRY_DISABLED: "1" },
    reporters: ["default", "json"],
    outputFile: { json: "build/test-results-consumers.json" },
    // Most of them wait for the processes that they start.
    maxWorkers: "100%",
    // Each test runs compilers and programs; the installs come before all of them.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
