import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entryPoints } from "../../scripts/derive/reference/entry-points.js";
import {
  examplePath,
  examplesFolder,
  filesOfExample,
} from "../../scripts/derive/reference/examples.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

// Workflows, which only run in a worker: the examples of activities run them.
const workflows = ["executeAgent", "executeWorkflow", "withCallback"].map((name) =>
  examplePath("temporal/workflow", name),
);

const files = readdirSync(join(root, examplesFolder), { recursive: true })
  .map((file) => `${examplesFolder}/${String(file).replaceAll("\\", "/")}`)
  .filter((file) => file.endsWith(".ts"));
const programs = files.filter(
  (file) => !file.endsWith(".workflow.ts") && !workflows.includes(file),
);

const read = (file: string) => readFileSync(join(root, file), "utf8");
const needsTemporal = (file: string) => read(file).includes("TEMPORAL_ADDRESS");

const pathOf = ({ path }: { path: string }) => path;

/** Runs plain Node, with the built package. Rejects when the program fails. */
function run(args: string[], env: Record<string, string> = {}): Promise<string> {
  const options = { cwd: root, env: { ...process.env, ...env } };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
}

/** The names that entry points export. Of proto packages the services: other stubs have one example. */
async function exportsOf(specifiers: string[]): Promise<{ isStubs: boolean; names: string[] }[]> {
  const program = `
    const modules = await Promise.all(process.argv.slice(1).map((name) => import(name)));
    const exported = modules.map(Object.entries).map((entries) => {
      const isStubs = entries.some(([name]) => name.startsWith("file_"));
      const named = entries.filter(([, value]) => !isStubs || value?.kind === "service");
      return { isStubs, names: named.map(([name]) => name) };
    });
    console.log(JSON.stringify(exported));
  `;
  return JSON.parse(await run(["--input-type=module", "--eval", program, "--", ...specifiers]));
}

function runExample(file: string, env?: Record<string, string>): Promise<string> {
  return run([join("build", file.replace(/\.ts$/, ".js"))], env);
}

/** What an example says that it prints. */
function promised(file: string): string {
  return [...read(file).matchAll(/\/\/ => (.*)\n/g)].map(([, line]) => `${line}\n`).join("");
}

describe("the examples", () => {
  test("are one for each public export, which it uses, and no others", async () => {
    const modules = await exportsOf(entryPoints().map(({ specifier }) => specifier));
    const expected: string[] = [];
    for (const [index, { name }] of entryPoints().entries()) {
      const { isStubs = false, names = [] } = modules[index] ?? {};
      if (isStubs) expected.push(examplePath(name));
      for (const exported of names) {
        const path = examplePath(name, exported);
        expected.push(path);
        if (files.includes(path)) expect(read(path)).toMatch(new RegExp(`\\b${exported}\\b`));
      }
    }
    expect(expected.length).toBeGreaterThan(50);
    const withParts = expected.flatMap((path) => [path, ...filesOfExample(path).map(pathOf)]);
    expect([...files].sort()).toEqual([...new Set(withParts)].sort());
  });

  test.concurrent.each(programs.filter((file) => !needsTemporal(file)))(
    "%s prints what it says",
    async (file) => {
      expect(promised(file)).not.toBe("");
      expect(await runExample(file)).toBe(promised(file));
    },
  );
});

describe.skipIf(!temporalAvailable())("the examples on Temporal", () => {
  let server: TemporalServer;
  beforeAll(async () => {
    server = await startTemporalServer();
  });
  afterAll(() => server?.stop());

  test.each(programs.filter(needsTemporal))(
    "%s prints what it says",
    async (file) => {
      expect(promised(file)).not.toBe("");
      expect(await runExample(file, { TEMPORAL_ADDRESS: server.address })).toBe(promised(file));
    },
    120_000,
  );
});
