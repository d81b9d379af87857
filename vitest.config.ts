import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Need more than Node: npm run test:codegen, npm run test:consumers.
    exclude: [...configDefaults.exclude, "test/codegen/**", "test/consumers/**"],
    globalSetup: "test/build.ts",
    // The tests of Temporal wait most of the time: all cores, where the default leaves one idle.
    maxWorkers: "100%",
    setupFiles: "test/setup.ts",
    reporters: ["default", "json"],
    outputFile: { json: "build/test-results.json" },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
