import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const inFolders = (folders: readonly string[]) =>
  folders.map((folder) => `test/${folder}/*.test.ts`);

/** Mirror src/ and import it, but for those that start servers or take seconds, and say so in their names. */
const mirrors = inFolders([
  "command",
  "connect",
  "execution",
  "handshake",
  "redaction",
  "rpc",
  "temporal",
  "temporal/{caller,log,open-handshakes,payload,payload-converter,runner,workflow}",
  "testing",
  "token",
  "validation",
  "wire",
]);
const startServers = "test/**/*.system.test.ts";
const takeSeconds = "test/**/*.property.test.ts";
/** Heartbeats time out, or all cores are busy, where a second file with servers runs beside these. */
const needAllCores = [
  "test/monitoring/faults.system.test.ts",
  "test/temporal/handshake/{cancellation,waits}.test.ts",
  "test/temporal/soak/*.test.ts",
];

/** The gate, releases and what is derived, on edited copies of the repository. */
const editCheckouts = [
  "test/docs/gate.test.ts",
  "test/gate/*.test.ts",
  "test/scripts/{derive,gate,histories,release}.test.ts",
];

const ofSources = {
  extends: true,
  // Helpers that processes of the other tests load, too, import the package by its name.
  resolve: {
    alias: [
      {
        find: /^@stigmer\/apis\/(.+\/v1)$/,
        replacement: fileURLToPath(new URL("src/$1.ts", import.meta.url)),
      },
    ],
  },
} as const;

const sharingModules = {
  // The modules are loaded once for all files. What the tests make of them is short-lived: with the
  // little room that Node gives to that, a third of the time would go to its collection.
  isolate: false,
  execArgv: ["--max-semi-space-size=64"],
  maxWorkers: "100%",
  sequence: { groupOrder: 0 },
};

export default defineConfig({
  test: {
    setupFiles: "test/setup.ts",
    reporters: ["default", "json"],
    outputFile: { json: "build/test-results.json" },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What else there is, test/codegen and test/consumers, needs more than Node and npm.
    projects: [
      {
        ...ofSources,
        test: {
          name: "unit",
          include: [...mirrors, "test/*.test.ts"],
          exclude: [startServers, takeSeconds],
          ...sharingModules,
        },
      },
      {
        ...ofSources,
        test: { name: "properties", include: [takeSeconds], ...sharingModules },
      },
      {
        extends: true,
        test: {
          name: "tools",
          include: inFolders(["{bench,browser,buf-plugin,docs,examples,gate,monitoring,scripts}"]),
          exclude: [startServers, ...editCheckouts],
          globalSetup: "test/build.ts",
          maxWorkers: "100%",
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "checkouts",
          include: editCheckouts,
          globalSetup: "test/build.ts",
          maxWorkers: "100%",
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: [
            startServers,
            ...inFolders(["temporal/{existing-services,go,handshake,versions}"]),
          ],
          exclude: needAllCores,
          globalSetup: "test/build.ts",
          // As many as there are cores: most of them wait for timeouts and retries.
          maxWorkers: "100%",
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "alone",
          include: needAllCores,
          globalSetup: "test/build.ts",
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: inFolders(["package"]),
          globalSetup: "test/build.ts",
          maxWorkers: "100%",
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
