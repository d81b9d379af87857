import { randomUUID } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { create, fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import {
  type CallbackToken,
  type CallbackTokenErrorCode,
  callbackToken,
  getCallbackToken,
  migrateCallbackToken,
  parseCallbackToken,
  setCallbackToken,
} from "@stigmer/apis";
import { AgentExecutionSpecSchema } from "@stigmer/apis/agentexecution/v1";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { guardedServer } from "@stigmer/apis/connect";
import {
  type ActivityCompleter,
  type HandshakeErrorCode,
  reportOutcome,
  startExecution,
  waitForExecution,
} from "@stigmer/apis/handshake";
import {
  createExecutionActivities,
  createSystemActivities,
  type SystemActivities,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { createPayloadConverter } from "@stigmer/apis/temporal/payload-converter";
import { executeWorkflow, withCallback } from "@stigmer/apis/temporal/workflow";
import { createActivityEngine, createExecutionService } from "@stigmer/apis/testing";
import { assertValidExecution } from "@stigmer/apis/validation";
import {
  migrateCallbackToken as migrateEncoded,
  peekCallbackToken,
  type WireErrorCode,
} from "@stigmer/apis/wire";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection, WorkflowFailedError } from "@temporalio/client";
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
} from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { service as pluginService } from "../buf-plugin/pluginrpc.js";
import { compile, requestOf } from "../buf-plugin/request.js";
import { bufPath, plugin, run } from "../buf-plugin/run.js";
import { type Attempt, attemptOf } from "../temporal/activity-context.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../temporal/server.js";
import { type Clients, clientsOver } from "../temporal/world/clients-over.js";
import { payloadConverterPath, until } from "../temporal/world/world.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");

/** The texts that the page explains, each with a … for what differs. */
const texts = [
  ...[...page.matchAll(/^### `(.+)`$/gm)].map(([, text = ""]) => text),
  ...[...page.matchAll(/^\| `[\w-]+` \| `([^`]+)` \|/gm)].map(([, text = ""]) => text),
];

const { EXECUTION_COMPLETED, EXECUTION_FAILED } = ExecutionPhase;
const token = callbackToken(Uint8Array.of(1, 2, 3));
const completed = create(WorkflowExecutionStatusSchema, { phase: EXECUTION_COMPLETED });
// Both a spec and, as old ones have it, a status with a token.
const twoTokens = Uint8Array.of(0x22, 3, 0x3a, 1, 1, 0x2a, 3, 0x5a, 1, 2);

function request(id = "", workflowId = "wfl-1"): WorkflowExecution {
  return create(WorkflowExecutionSchema, {
    apiVersion: "agentic.stigmer.ai/v1",
    kind: "WorkflowExecution",
    metadata: { id, ownerScope: ApiResourceOwnerScope.organization },
    spec: { workflowId },
  });
}

function withToken(execution: WorkflowExecution, own: CallbackToken = token): WorkflowExecution {
  setCallbackToken(execution, own);
  return execution;
}

function newClients(): Clients {
  return clientsOver(createRouterTransport(createExecutionService().routes));
}

/** Clients of a service that lets nobody read tokens. */
function viewerClients(): Clients {
  const { routes } = createExecutionService();
  const guarded = guardedServer({ routes }, { mayRead: () => false });
  return clientsOver(createRouterTransport(guarded.routes));
}

/** An engine in which no activity waits. */
const nobody = { complete: async () => "not-found" } as unknown as ActivityCompleter;

/** Everything is over at once that waits for a timer. */
async function withoutWaiting(start: () => Promise<unknown>): Promise<unknown> {
  vi.useFakeTimers();
  try {
    const promise = start();
    promise.catch(() => {});
    await vi.runAllTimersAsync();
    return await promise;
  } finally {
    vi.useRealTimers();
  }
}

function report(
  executions: Clients,
  executionId?: string,
  attempt = attemptOf(),
): Promise<unknown> {
  const { CompleteExternalActivity } = createSystemActivities({ completer: nobody, executions });
  return attempt.run(() => CompleteExternalActivity(token, completed, executionId));
}

/** What an attempt logs, however it ends. */
async function linesOf(run: (attempt: Attempt) => Promise<unknown>): Promise<string> {
  const attempt = attemptOf();
  await run(attempt).catch(() => {});
  return attempt.logged.map(({ message }) => message).join("\n");
}

/** A reader that finds another token each time. */
function rearmedEachTime(): Clients {
  let count = 0;
  const get = async () => withToken(request("wex-1"), callbackToken(Uint8Array.of(9, count++)));
  const { workflow, agent } = newClients();
  return { workflow: { ...workflow, queries: { ...workflow.queries, get } }, agent };
}

const violations = () => assertValidExecution(create(WorkflowExecutionSchema, { metadata: {} }));
const peek = (...bytes: number[]) => peekCallbackToken("WorkflowExecution", Uint8Array.from(bytes));
const stderrOf = async (result: ReturnType<typeof run>) => (await result).stderr;
const check = (input: Uint8Array | string) => stderrOf(plugin([`${pluginService}/Check`], input));

/** What provokes each text: it throws an error with the text, or returns the text. */
const provocations: Readonly<Record<string, () => unknown>> = {
  "…: expected a dataConverter that encodes messages, such as { payloadConverterPath } of @stigmer/apis/temporal/payload-converter, on clients, workers and bundles alike; got …":
    () => temporalCompleter(new Client({ connection: Connection.lazy() })),
  "…: expected a scheduleToCloseTimeout, because nothing else bounds the wait; got …": () =>
    executeWorkflow(request(), {} as never),
  "Cannot find package '…' imported from …": importWithoutPeers,

  "…: no sign of life in … attempts of its caller; last known: …": async () => {
    const { ExecuteWorkflow } = createExecutionActivities(newClients(), { maxSilentAttempts: 1 });
    const first = attemptOf();
    await first.run(() => ExecuteWorkflow(request("wex-1"))).catch(() => {});
    const [heartbeatDetails] = first.heartbeats;
    return attemptOf({ heartbeatDetails }).run(() => ExecuteWorkflow(request("wex-1")));
  },
  "the execution completed, but its result has no JSON form: … is no JSON value": () =>
    withCallback({ executionId: "wex-1" }, async () => ({
      ...completed,
      output: { ratio: Number.NaN },
    })),
  "the execution failed": async () => {
    const { workflow, agent } = newClients();
    await workflow.commands.create(request("wex-1"));
    const status = { phase: EXECUTION_FAILED };
    await workflow.commands.updateStatus({ executionId: "wex-1", status });
    return createExecutionActivities({ workflow, agent }).ReadOutcome("wex-1", "workflow");
  },
  "…: exists already, and belongs to another request": async () => {
    const { commands, queries } = newClients().workflow;
    await commands.create(request("wex-1", "wfl-1"));
    await startExecution(request("wex-1", "wfl-2"), token, { commands, queries });
  },
  "…: does not exist, but the service refuses it as a duplicate: …": () => {
    const { commands, queries } = newClients().workflow;
    const refuse = async () => {
      throw new ConnectError("slug exists already", Code.AlreadyExists);
    };
    return startExecution(request("wex-1"), token, {
      commands: { ...commands, create: refuse },
      queries,
    });
  },

  "…: somebody waits, but it was read without its callback token; the one who reports must be allowed to read it":
    async () => {
      const { commands, queries } = viewerClients().workflow;
      await commands.create(withToken(request("wex-1")));
      const status = { phase: EXECUTION_FAILED };
      const ended = await commands.updateStatus({ executionId: "wex-1", status });
      return reportOutcome(ended, createActivityEngine(), queries);
    },
  "…: read again without its callback token; the one who reports must be allowed to read it":
    async () => {
      const clients = viewerClients();
      await clients.workflow.commands.create(withToken(request("wex-1")));
      return report(clients, "wex-1");
    },
  "…: its callback token was replaced during every attempt to set it": () =>
    withoutWaiting(() => {
      const { commands, queries } = rearmedEachTime().workflow;
      const update = async (execution: unknown) => execution as WorkflowExecution;
      return startExecution(request("wex-1"), token, {
        commands: { ...commands, update },
        queries,
      });
    }),
  "the callback token was replaced during every report": () =>
    withoutWaiting(() => report(rearmedEachTime(), "wex-1")),
  "…: expected an execution that has ended, got phase …": () => {
    const { queries } = newClients().workflow;
    return reportOutcome(withToken(request("wex-1")), createActivityEngine(), queries);
  },
  "expected a request with a metadata.id, the same for every attempt; got none": () => {
    const { commands, queries } = newClients().workflow;
    return startExecution(request(), token, { commands, queries });
  },
  "expected an id that starts with wex or aex, got …": () =>
    waitForExecution("fulfil-order", newClients().workflow.queries),
  "expected the state of …, got that of …": () => {
    const subscribe = async function* () {
      yield request("wex-2");
    };
    return waitForExecution("wex-1", { subscribe });
  },
  "…: expected an end by …, got none": async () => {
    const { commands, queries } = newClients().workflow;
    await commands.create(request("wex-1"));
    return waitForExecution("wex-1", queries, { deadline: new Date(Date.now() + 10) });
  },

  "the execution was refused": () =>
    linesOf(({ run }) => {
      const { ExecuteWorkflow } = createExecutionActivities(newClients());
      return run(() => ExecuteWorkflow(create(WorkflowExecutionSchema)));
    }),
  "could not report to the waiting activity": () =>
    withoutWaiting(() => linesOf((attempt) => report(rearmedEachTime(), "wex-1", attempt))),
  "no activity waits for this report; dropped": () =>
    linesOf((attempt) => report(newClients(), undefined, attempt)),

  "… has … violations:": violations,
  "metadata: owner_scope must be organization or identity_account": violations,
  "api_version: must equal …, got …": violations,
  "… exists already": async () => {
    const { commands } = newClients().workflow;
    await commands.create(request("wex-1"));
    await commands.create(request("wex-1"));
  },
  "…: phase cannot go from … to …": async () => {
    const { commands } = newClients().workflow;
    await commands.create(request("wex-1"));
    await commands.updateStatus({ executionId: "wex-1", status: completed });
  },
  "…: spec is immutable, except for its callback token": async () => {
    const { commands } = newClients().workflow;
    await commands.create(request("wex-1", "wfl-1"));
    await commands.update(request("wex-1", "wfl-2"));
  },
  "…: spec.callback_token is immutable, because the execution was created without one":
    async () => {
      const { commands } = newClients().workflow;
      await commands.create(request("wex-1"));
      await commands.update(withToken(request("wex-1")));
    },
  "the response cannot be redacted": () => {
    const spec = create(AgentExecutionSpecSchema, { callbackToken: token });
    const answer = Object.assign(create(WorkflowExecutionSchema), { spec }) as never;
    const { routes } = guardedServer(
      {
        routes: (router: Parameters<Parameters<typeof createRouterTransport>[0]>[0]) =>
          router.service(WorkflowExecutionQueryController, { get: () => answer }),
      },
      { mayRead: () => false },
    );
    return clientsOver(createRouterTransport(routes)).workflow.queries.get({ value: "wex-1" });
  },

  "… payload: … is not in the payload converter's registry": () =>
    createPayloadConverter([]).toPayload(request()),
  "… payload: expected messageType in its metadata, got none": () => read({}, "{}"),
  "… payload: cannot decode …": () => read({ messageType: WorkflowExecutionSchema.typeName }, "{"),
  "payload converter: expected a registry or an array of message schemas": () =>
    createPayloadConverter(WorkflowExecutionSchema as never),

  "callback token: expected 1 to 8192 bytes, got 0": () => callbackToken(new Uint8Array()),
  "callback token: expected 1 to 8192 bytes, got …": () => callbackToken(new Uint8Array(8193)),
  "callback token: expected a Uint8Array, got …": () => callbackToken("AQID" as never),
  "callback token: expected Base64 text, got …": () => parseCallbackToken("AQ?D"),
  "expected a WorkflowExecution, an AgentExecution or the spec of one, got …": () =>
    getCallbackToken(completed as never),
  "…: expected no token, or the one that the spec has, got another one": () =>
    migrateCallbackToken(WorkflowExecutionSchema, fromBinary(WorkflowExecutionSchema, twoTokens)),

  "field at byte …: expected more than … bytes": () => peek(0x22),
  "field at byte …: expected the tag of a field": () => peek(0),
  "field at byte …: expected 0 to 5": () => peek(0x0e),
  "field at byte …: expected at most … bytes of varint": () =>
    peek(0x08, ...new Array<number>(11).fill(0xff)),
  "field at byte …: expected at most … bytes": () => peek(0x22, 2, 0x3a, 5),
  "field at byte …: expected a depth of at most 100": () =>
    peek(...new Array<number>(101).fill(0x0b)),
  "field at byte …: expected the token of the spec": () =>
    migrateEncoded("WorkflowExecution", twoTokens),

  'exec: "buf-plugin-stigmer": executable file not found in $PATH': () =>
    inFolder((PATH) =>
      lint({ version: "v2", plugins: [{ plugin: "buf-plugin-stigmer" }] }, { PATH }),
    ),
  'Failure: plugin "sh" failed: Exited with code …': () =>
    lint({ version: "v2", plugins: [{ plugin: ["sh", "node_modules/none.js"] }] }),
  "yaml: unmarshal errors: line …: field plugins not found": async () =>
    // buf begins a line for each error.
    (await lint({ version: "v1", plugins: [] })).replaceAll(/\s+/g, " "),
  "fatal: couldn't find remote ref …": () => compare("branch=main"),
  'Failure: invalid options: "commit="': () => compare("commit="),
  "….proto:…:imported file does not exist": () => buildOwn([{ path: "proto" }]),
  'Module "path: "node_modules/@stigmer/apis/apis"" had no .proto files': () =>
    buildOwn([{ path: "proto" }, { path: "node_modules/@stigmer/apis/apis" }]),
  "Cannot find module '@stigmer/apis/gen/…_pb' or its corresponding type declarations": () =>
    compileImport("@stigmer/apis/gen/ai/stigmer/commons/apiresource/io_pb"),
  "buf-plugin-stigmer: expected --protocol, --spec or one of …": () => stderrOf(plugin([], "")),
  "buf-plugin-stigmer: no rule has the id …": () => check(requestOf({ ruleIds: ["STIGMER_NEW"] })),
  "buf-plugin-stigmer: expected a buf.plugin.check.v1.CheckRequest in format … on stdin, got: …":
    () => check("{}"),
  "buf-plugin-stigmer: expected descriptors of files and of all their imports, got: …": () => {
    const files = compile({
      "a.proto": 'syntax = "proto3"; import "b.proto"; message A { B b = 1; }',
      "b.proto": 'syntax = "proto3"; message B {}',
    });
    const cut = files.filter(({ name }) => name === "a.proto");
    return check(requestOf({ files: cut, ruleIds: [] }));
  },
  'gate: expected a step of …; got "…"': () =>
    stderrOf(run(process.execPath, [join(root, "scripts/gate.js"), "everything"])),
};

/** The texts that only a server provokes. */
const onTemporal = [
  "Activity function … is not registered on this Worker",
  "…: not seen to end within …; last known: …",
  "…: nobody has confirmed its cancellation; last known: …",
  "… ended without a terminal status",
  "Temporal does not accept the token: …",
  "Temporal could not be asked: …",
  "expected Temporal to take more than 4 MiB within … ms",
  "heartbeats of the waiting activity have ended",
  "the waiting activity could not be told how its execution ended",
];

function read(metadata: Readonly<Record<string, string>>, data: string): unknown {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const entries = Object.entries({ encoding: "json/protobuf", ...metadata });
  return createPayloadConverter([WorkflowExecutionSchema]).fromPayload({
    metadata: Object.fromEntries(entries.map(([name, value]) => [name, utf8(value)])),
    data: utf8(data),
  });
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-troubleshooting-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Node says in a project that has installed this package alone. */
function importWithoutPeers(): Promise<string> {
  return inFolder(async (folder) => {
    const modules = join(folder, "node_modules");
    for (const part of ["dist", "package.json"]) {
      cpSync(join(root, part), join(modules, "@stigmer/apis", part), { recursive: true });
    }
    for (const dependency of ["@bufbuild/protobuf", "@noble/hashes"]) {
      mkdirSync(dirname(join(modules, dependency)), { recursive: true });
      symlinkSync(join(root, "node_modules", dependency), join(modules, dependency));
    }
    const program = 'import "@stigmer/apis/testing"';
    const args = ["--input-type=module", "--eval", program];
    return stderrOf(run(process.execPath, args, { cwd: folder }));
  });
}

/** What buf lint says, with what is in its buf.yaml. */
function lint(config: object, env: NodeJS.ProcessEnv = {}): Promise<string> {
  return inFolder(async (folder) => {
    writeFileSync(join(folder, "a.proto"), 'syntax = "proto3";\npackage a.v1;\n');
    writeFileSync(join(folder, "buf.yaml"), JSON.stringify(config));
    return stderrOf(run(process.execPath, [bufPath, "lint"], { cwd: folder, env }));
  });
}

/** What buf breaking says in a repository without a commit. */
function compare(revision: string): Promise<string> {
  return inFolder(async (folder) => {
    writeFileSync(join(folder, "a.proto"), 'syntax = "proto3";\npackage a.v1;\n');
    await run("git", ["init", "--quiet"], { cwd: folder });
    const args = [bufPath, "breaking", "--against", `.git#${revision}`];
    return stderrOf(run(process.execPath, args, { cwd: folder }));
  });
}

/** What buf says of a proto that imports ours, where these modules are named. */
function buildOwn(modules: readonly { path: string }[]): Promise<string> {
  return inFolder(async (folder) => {
    mkdirSync(join(folder, "proto"));
    const id = "ai.stigmer.commons.apiresource.ApiResourceId";
    const text = `syntax = "proto3"; import "ai/stigmer/commons/apiresource/io.proto"; message A { ${id} b = 1; }`;
    writeFileSync(join(folder, "proto/a.proto"), text);
    const args = [bufPath, "build", "--config", JSON.stringify({ version: "v2", modules })];
    return stderrOf(run(process.execPath, args, { cwd: folder }));
  });
}

/** What TypeScript says of an import, in a project that has installed this package. */
function compileImport(specifier: string): Promise<string> {
  return inFolder(async (folder) => {
    mkdirSync(join(folder, "node_modules/@stigmer"), { recursive: true });
    symlinkSync(root, join(folder, "node_modules/@stigmer/apis"));
    writeFileSync(join(folder, "a.mts"), `export * from "${specifier}";\n`);
    const tsc = join(root, "node_modules/.bin/tsc");
    const { stdout } = await run(tsc, ["--noEmit", "--module", "nodenext", "a.mts"], {
      cwd: folder,
    });
    return stdout.toString();
  });
}

/** The text that a provocation returns, or that of the error that it throws. */
async function provoked(provoke: () => unknown): Promise<string> {
  try {
    return String(await provoke());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function expectShown(text: string, shown: string): void {
  const parts = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  expect(shown).toMatch(new RegExp(parts.join("[^]+?")));
}

describe("docs/troubleshooting.md", () => {
  test("explains each text once, and this provokes each of them", () => {
    expect(texts).toHaveLength(new Set(texts).size);
    expect([...texts].sort()).toEqual([...Object.keys(provocations), ...onTemporal].sort());
  });

  test.each(Object.entries(provocations))("%s", async (text, provoke) => {
    expectShown(text, await provoked(provoke));
  });

  test("explains every code", () => {
    const handshake: Record<HandshakeErrorCode, true> = {
      "invalid-token": true,
      unavailable: true,
      "not-terminal": true,
      "token-withheld": true,
      "deadline-exceeded": true,
      "wrong-id": true,
      "id-taken": true,
      contended: true,
      "too-large": true,
    };
    for (const code of Object.keys(handshake)) expect(page).toMatch(`ode \`${code}\``);
    const token: Record<CallbackTokenErrorCode, true> = {
      empty: true,
      "too-long": true,
      "not-bytes": true,
      malformed: true,
      "wrong-message": true,
      conflict: true,
    };
    const wire: Record<WireErrorCode, true> = {
      truncated: true,
      "bad-tag": true,
      "bad-wire-type": true,
      "too-long": true,
      "length-overflow": true,
      "too-deep": true,
      conflict: true,
    };
    const [, tokens = "", rest = ""] = page.split(/^## (?:CallbackToken|Wire)Error$/m);
    for (const code of Object.keys(token)) expect(tokens).toContain(`| \`${code}\` |`);
    for (const code of Object.keys(wire)) expect(rest).toContain(`| \`${code}\` |`);
  });
});

describe.skipIf(!temporalAvailable())("docs/troubleshooting.md, on Temporal", () => {
  let server: TemporalServer;
  let native: NativeConnection;
  let connection: Connection;
  const shown = new Map<string, string>();

  beforeAll(async () => {
    const lines: string[] = [];
    Runtime.install({
      logger: new DefaultLogger("ERROR", ({ message }) => lines.push(message)),
      telemetryOptions: { logging: { filter: "off" } },
    });
    server = await startTemporalServer();
    native = await NativeConnection.connect({ address: server.address });
    connection = await Connection.connect({ address: server.address });
    const dataConverter = { payloadConverterPath };
    const client = new Client({ connection, dataConverter });
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL("troubleshooting.workflow.js", import.meta.url)),
      payloadConverterPath,
      logger: new DefaultLogger("ERROR"),
    });

    /** What a workflow of this type fails with, on a worker with these activities. */
    async function failureOf(
      activities: object,
      type: string,
      args: unknown[] = [],
      meanwhile: (workflowId: string) => unknown = () => {},
    ): Promise<string> {
      const taskQueue = randomUUID();
      const options = { connection: native, taskQueue, workflowBundle, activities, dataConverter };
      const worker = await Worker.create(options);
      const workflowId = randomUUID();
      const result = client.workflow.execute(type, { taskQueue, workflowId, args });
      const failed = worker.runUntil(async () => {
        const [error] = await Promise.all([
          result.then(() => undefined).catch((error: unknown) => error),
          meanwhile(workflowId),
        ]);
        return error;
      });
      const error = await failed;
      return error instanceof WorkflowFailedError ? String(error.cause?.message) : String(error);
    }

    const said: string[] = [];
    const completer = temporalCompleter(client);
    const system = createSystemActivities({ completer, executions: newClients() });
    const FailExternalActivity: SystemActivities["FailExternalActivity"] = (
      token,
      message,
      ...rest
    ) => {
      said.push(message);
      return system.FailExternalActivity(token, message, ...rest);
    };
    const elsewhere = new Client({ connection, dataConverter, namespace: "elsewhere" });
    const cancelled = newClients();
    const cancel = async (workflowId: string) => {
      await until("the execution is there", async () => {
        const { entries } = await cancelled.workflow.queries.list({});
        return entries.length === 1;
      });
      await client.workflow.getHandle(workflowId).cancel();
    };
    const endBody = async (workflowId: string) => {
      const line = "heartbeats of the waiting activity have ended";
      await until("the heartbeats have ended", () => lines.includes(line));
      await client.workflow.getHandle(workflowId).signal("endBody");
    };

    const [unregistered, timedOut, unconfirmed] = await Promise.all([
      failureOf({ publishStatus: async () => {} }, "call", ["1s"]),
      failureOf(createExecutionActivities(newClients()), "call", ["1s"]),
      failureOf(createExecutionActivities(cancelled), "call", ["3s"], cancel),
      failureOf({ ...system, FailExternalActivity }, "endWithoutPhase", [], endBody),
    ]);
    const [refused, unasked, large] = await Promise.all([
      provoked(() => completer.complete(token, completed)),
      provoked(() => temporalCompleter(elsewhere).complete(token, completed)),
      provoked(() => completer.completeWithJson(token, "x".repeat(5 * 1024 * 1024))),
    ]);
    const all = [unregistered, timedOut, unconfirmed, said[0], refused, unasked, large];
    const logged = lines.join("\n");
    [...all, logged, logged].forEach((text, index) => {
      shown.set(onTemporal[index] ?? "", text ?? "");
    });
  });

  afterAll(async () => {
    await connection?.close();
    await native?.close();
    await server?.stop();
  });

  test.each(onTemporal)("%s", (text) => expectShown(text, shown.get(text) ?? ""));
});
