import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
// Inside the checkout, so that the blocks import the package by its name.
const folder = join(root, "build/readme");
const readme = readFileSync(join(root, "README.md"), "utf8");

function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === language)
    .map(([, , code]) => code ?? "");
}

// What the fragments take for granted.
const preamble = `
import type { Client } from "@connectrpc/connect";
import type { CallbackToken } from "@stigmer/apis";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { guardedServer, redactingLogger } from "@stigmer/apis/connect";
import { type ActivityCompleter, isTerminal, reportOutcome, startExecution, waitForExecution } from "@stigmer/apis/handshake";
import { toRedactedJson } from "@stigmer/apis/redaction";
import { createSystemActivities, type ExecutionReaders, temporalCompleter } from "@stigmer/apis/temporal";
import { pending } from "@stigmer/apis/testing";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import type { WorkflowExecution, WorkflowExecutionCommandController, WorkflowExecutionQueryController, WorkflowExecutionStatus } from "@stigmer/apis/workflowexecution/v1";
import { Client as TemporalClient, Connection } from "@temporalio/client";
declare const commands: Client<typeof WorkflowExecutionCommandController>;
declare const queries: Client<typeof WorkflowExecutionQueryController>;
declare const completer: ActivityCompleter;
declare const request: WorkflowExecution;
declare const token: CallbackToken;
declare const executionId: string;
declare const signal: AbortSignal;
declare const deadline: Date;
declare const runnerKey: string;
declare const routes: (router: ConnectRouter) => void;
declare const clients: ExecutionReaders;
declare const path: (specifier: string) => string;
declare const runTasks: () => Promise<object>;
declare const publishStatus: () => Promise<void>;
declare const pino: (options: object) => { info(fields: object, text: string): void };
`;

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  blocks("ts").forEach((code, index) => {
    writeFileSync(join(folder, `block-${index}.ts`), code);
  });
  blocks("ts module").forEach((code, index) => {
    writeFileSync(join(folder, `module-${index}.ts`), code);
  });
  blocks("ts fragment").forEach((code, index) => {
    const status = /^const status\b/m.test(code) ? "" : "status: WorkflowExecutionStatus";
    const body = `export async function fragment(${status}) {\n${code}\n}`;
    writeFileSync(join(folder, `fragment-${index}.ts`), `${preamble}${body}`);
  });
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: { noEmit: false, noImplicitReturns: false, rootDir: ".", outDir: "out" },
      include: ["*.ts"],
    }),
  );
  execFileSync("npx", ["--no-install", "tsc", "-p", folder], { cwd: root, stdio: "inherit" });
});

test.each([
  [0, /^132 bytes, sha256:[0-9a-f]{8}\n$/],
  [
    1,
    /^\{"runtimeEnv":\{"API_KEY":\{"isSecret":true,"value":"\[redacted\]"\}\},"workflowId":"wfl-1","callbackToken":"132 bytes, sha256:[0-9a-f]{8}"\}\n0\n$/,
  ],
  [2, /^completed\n$/],
])("block %i of the README runs and prints what its comment says", (index, output) => {
  const file = join(folder, "out", `block-${index}.js`);
  expect(execFileSync(process.execPath, [file], { encoding: "utf8" })).toMatch(output);
});

test("every TypeScript block of the README is checked here", () => {
  expect(blocks("ts")).toHaveLength(3);
  expect(blocks("ts module")).toHaveLength(5);
  expect(blocks("ts fragment")).toHaveLength(6);
  expect(readme.match(/^```(ts|js)/gm)).toHaveLength(14);
});

test("every command of the README is a script of the package", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script);
  expect(named.length).toBeGreaterThan(0);
  for (const script of named) expect(scripts).toHaveProperty([script ?? ""]);
});
