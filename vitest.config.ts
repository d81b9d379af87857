import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/build.ts",
    setupFiles: "test/setup.ts",
    reporters: ["default", "json"],
    outputFile: { json: "build/test-results.json" },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
