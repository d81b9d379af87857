import { createRequire } from "node:module";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { root } from "../../scripts/buf.js";
import { project } from "./project.js";

export default defineConfig({
  root,
  plugins: [
    {
      // These tests see the package as a project does that has installed it.
      name: "installed-package",
      enforce: "pre",
      resolveId: (source) =>
        /^@stigmer\/apis(?:\/|$)/.test(source)
          ? createRequire(join(project(), "package.json")).resolve(source)
          : undefined,
    },
  ],
  test: {
    include: ["test/codegen/**/*.test.ts"],
    globalSetup: "test/codegen/project.ts",
    reporters: ["default", "json"],
    outputFile: { json: "build/codegen-results.json" },
    // Compilers use all cores, and what is timed wants them for itself.
    fileParallelism: false,
    testTimeout: 120_000,
    // The first run downloads.
    hookTimeout: 1_200_000,
  },
});
