// What is as large as Temporal takes, and larger, for each outcome. The page docs/sizes.md has the table
// of it. To write that anew: npm run derive -- sizes

import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { toJsonString } from "@bufbuild/protobuf";
import { createRouterTransport, type Interceptor } from "@connectrpc/connect";
import {
  type CallbackToken,
  callbackToken,
  type Execution,
  type ExecutionStatus,
  formatCallbackToken,
  getCallbackToken,
} from "@stigmer/apis";
import type { AgentExecutionStatus } from "@stigmer/apis/agentexecution/v1";
import { type ExecutionQueries, reportOutcome } from "@stigmer/apis/handshake";
import {
  createExecutionActivities,
  createSystemActivities,
  temporalCompleter,
} from "@stigmer/apis/temporal";
import { cutFieldsOf } from "@stigmer/apis/temporal/workflow";
import { createExecutionService } from "@stigmer/apis/testing";
import {
  ExecutionPhase,
  type WorkflowExecutionStatus,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from "@temporalio/client";
import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { temporal } from "@temporalio/proto";
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isDeriving, readSection, writeSection } from "../../../scripts/derive/sections.js";
import { quietRuntime } from "../quiet-runtime.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../server.js";
import { clientsOver } from "../world/clients-over.js";
import { payloadConverterPath, until } from "../world/world.js";
import { type Content, isAgent, statusOf } from "./sizes-status.js";

vi.setConfig({ maxConcurrency: 6, testTimeout: 120_000 });

const { Failure } = temporal.api.failure.v1;
const mebibyte = 1024 * 1024;
// 16 KiB are for what is around it.
const fitting = 2 * mebibyte - 16 * 1024;
const dataConverter = { payloadConverterPath };
const taskQueue = `sizes-${randomUUID()}`;

const { EXECUTION_COMPLETED, EXECUTION_FAILED, EXECUTION_CANCELLED, EXECUTION_IN_PROGRESS } =
  ExecutionPhase;

interface Case {
  readonly mebibytes: number;
  readonly outcome: string;
  readonly kind: "wex" | "aex";
  readonly content: Omit<Content, "bytes">;
  /** Whether the caller's workflow is cancelled, so that its execution is. */
  readonly isAsked?: boolean;
  readonly by: "reportOutcome" | "withCallback";
}

const outcomes: readonly Omit<Case, "mebibytes" | "by">[] = [
  {
    outcome: "COMPLETED, a large `output`",
    kind: "wex",
    content: { phase: EXECUTION_COMPLETED, large: "output" },
  },
  {
    outcome: "COMPLETED, 1000 large tasks",
    kind: "wex",
    content: { phase: EXECUTION_COMPLETED, large: "tasks" },
  },
  {
    outcome: "COMPLETED, an agent's large tool calls and messages",
    kind: "aex",
    content: { phase: EXECUTION_COMPLETED, large: "messages" },
  },
  {
    outcome: "FAILED, a large `error`",
    kind: "wex",
    content: { phase: EXECUTION_FAILED, large: "error" },
  },
  {
    outcome: "CANCELLED by others, a large `error`",
    kind: "wex",
    content: { phase: EXECUTION_CANCELLED, large: "error" },
  },
  {
    outcome: "CANCELLED by the caller, a large `error`",
    kind: "wex",
    content: { phase: EXECUTION_CANCELLED, large: "error" },
    isAsked: true,
  },
];

const cases: Case[] = [1.9, 2.1, 3, 5, 20].flatMap((mebibytes) =>
  outcomes.flatMap((outcome) =>
    (["reportOutcome", "withCallback"] as const).map((by) => ({ mebibytes, ...outcome, by })),
  ),
);

describe.skipIf(!temporalAvailable())("an execution whose end is as large as this", () => {
  let server: TemporalServer;
  let native: NativeConnection;
  let connection: Connection;
  let client: Client;
  let worker: Worker;
  let running: Promise<void>;
  const created = new Map<string, Execution>();

  const recording: Interceptor = (next) => async (call) => {
    const response = await next(call);
    if (call.stream || response.stream) return response;
    const execution = response.message as Execution;
    const id = execution.metadata?.id ?? "";
    if (call.method.name === "create") created.set(id, execution);
    // Not even the service refuses it: an old one would not.
    if (id.endsWith("-ended-with-nan")) {
      const content = { phase: EXECUTION_COMPLETED, large: "ratio", bytes: 0 } as const;
      execution.status = statusOf(id, content) as never;
    }
    return response;
  };
  const clients = clientsOver(
    createRouterTransport(createExecutionService().routes, {
      router: { interceptors: [recording] },
    }),
  );

  beforeAll(async () => {
    quietRuntime();
    server = await startTemporalServer();
    native = await NativeConnection.connect({ address: server.address });
    connection = await Connection.connect({ address: server.address });
    client = new Client({ connection, dataConverter });
    worker = await Worker.create({
      connection: native,
      taskQueue,
      dataConverter,
      workflowBundle: await bundleWorkflowCode({
        workflowsPath: fileURLToPath(new URL("sizes.workflow.js", import.meta.url)),
        payloadConverterPath,
        logger: new DefaultLogger("ERROR"),
      }),
      activities: {
        ...createExecutionActivities(clients),
        ...createSystemActivities({ completer: temporalCompleter(client), executions: clients }),
      },
    });
    running = worker.run();
  });

  afterAll(async () => {
    worker?.shutdown();
    await running;
    await connection?.close();
    await native?.close();
    await server?.stop();
  });

  /** A caller's workflow and the execution that it has had created. */
  async function calling(id = `wex-${randomUUID()}`) {
    const call = await client.workflow.start("call", {
      taskQueue,
      workflowId: `call-${id}`,
      args: [id],
    });
    await until(`${id} is created`, () => created.has(id));
    const execution = created.get(id) as Execution;
    return { id, call, execution, token: callbackToken(getCallbackToken(execution) as Uint8Array) };
  }

  /** Resolves when the caller's activity is known to wait, and is in no worker any more. */
  async function untilPending(call: WorkflowHandle): Promise<void> {
    await until("the caller's activity is pending", async () => {
      const { raw } = await call.describe();
      return raw.pendingActivities?.some(({ heartbeatDetails }) => heartbeatDetails) ?? false;
    });
    await until("the activity has left its worker", () => {
      return worker.getStatus().numInFlightActivities === 0;
    });
  }

  function runWith(id: string, token: Uint8Array | undefined, input: object) {
    return client.workflow.start("run", {
      taskQueue,
      workflowId: id,
      args: [
        {
          executionId: id,
          ...(token && { callbackToken: formatCallbackToken(callbackToken(token)) }),
          ...input,
        },
      ],
    });
  }

  /** Publishes the status, as an execution service gets it, and returns the execution. */
  async function publish(id: string, status: ExecutionStatus): Promise<Execution> {
    if (isAgent(id)) {
      const { commands } = clients.agent;
      await commands.updateStatus({ executionId: id, status: { phase: 2 } });
      return commands.updateStatus({ executionId: id, status: status as AgentExecutionStatus });
    }
    const { commands } = clients.workflow;
    await commands.updateStatus({ executionId: id, status: { phase: EXECUTION_IN_PROGRESS } });
    return commands.updateStatus({ executionId: id, status: status as WorkflowExecutionStatus });
  }

  describe("reaches its caller", { concurrent: true }, () => {
    const rows = new Map<Case, { gets: string; took: string }>();

    it.each(cases.map((each) => [titleOf(each), each] as const))("%s", async (_, each) => {
      const { mebibytes, kind, isAsked = false, by } = each;
      const content = { ...each.content, bytes: Math.round(mebibytes * mebibyte) };
      const { id, call, token } = await calling(`${kind}-${randomUUID()}`);
      const completer = temporalCompleter(client);
      if (isAsked) await untilPending(call);

      let started = Date.now();
      let run: WorkflowHandle | undefined;
      if (by === "withCallback") {
        run = await runWith(id, token, { content, untilCancelled: isAsked });
        if (isAsked) await call.cancel();
      } else {
        const ended = await publish(id, statusOf(id, content));
        if (isAsked) {
          await call.cancel();
          await untilCancelled(token);
        }
        started = Date.now();
        const { queries } = isAgent(id) ? clients.agent : clients.workflow;
        const reader = queries as ExecutionQueries<Execution>;
        expect(await reportOutcome(ended, completer, reader)).toBe("reported");
      }
      const end = await endOf(call);
      const ms = Date.now() - started;
      expect(ms).toBeLessThan(60_000);

      const gets = await whatTheCallerGets(end, content, isAsked, call);
      rows.set(each, { gets, took: `${(ms / 1000).toFixed(1)} s` });
      if (run !== undefined) {
        expect(((await run.result()) as ExecutionStatus).phase).toBe(content.phase);
        const reports = await activitiesOf(run);
        expect(reports.filter((name) => !name.startsWith("Heartbeat"))).toHaveLength(1);
      }
    });

    afterAll(() => {
      if (rows.size < cases.length) return;
      const text = tableOf(cases.map((each) => ({ ...each, ...rows.get(each) })));
      console.log(text);
      if (isDeriving) return writeSection("sizes", text);
      const advice = "`npm run derive -- sizes` writes the table anew";
      expect(withoutTimes(readSection("sizes")), advice).toBe(withoutTimes(text));
    });
  });

  describe("or just as large as fits", { concurrent: true }, () => {
    it.each([
      ["output", EXECUTION_COMPLETED],
      ["error", EXECUTION_FAILED],
      ["error", EXECUTION_CANCELLED],
    ] as const)(
      "with a large %s, in phase %i, is whole, also as a failure",
      async (large, phase) => {
        const { id, call, token } = await calling();
        const without = statusOf(id, { phase, large, bytes: 0 });
        const bytes =
          fitting - toJsonString(WorkflowExecutionStatusSchema, without as never).length;
        // Beside a text, there is room for a small status.
        const content = { phase, large, bytes: large === "error" ? bytes - 1024 : bytes };
        const run = await runWith(id, token, { content });
        const end = await endOf(call);
        const gets = await whatTheCallerGets(end, content, false, call);
        expect(gets).toMatch(/ whole /);
        expect(cutFieldsOf(await run.result())).toEqual([]);
        await activitiesOf(run);
      },
    );

    it("and a byte more is not", async () => {
      const { id, call, token } = await calling();
      const content = { phase: EXECUTION_COMPLETED, large: "output", bytes: 0 } as const;
      const status = statusOf(id, content);
      const bytes =
        fitting + 1 - toJsonString(WorkflowExecutionStatusSchema, status as never).length;
      await runWith(id, token, { content: { ...content, bytes } });
      expect(cutFieldsOf((await endOf(call)).result as ExecutionStatus)).toEqual(["output"]);
    });

    it("is cut in time when it is 20 MiB in 200,000 parts", async () => {
      const { id, call, token } = await calling();
      const content = { phase: EXECUTION_COMPLETED, large: "parts", bytes: 20 * mebibyte } as const;
      const run = await runWith(id, token, { content });
      expect(cutFieldsOf((await endOf(call)).result as ExecutionStatus)).toEqual(["output"]);
      expect(cutFieldsOf(await run.result())).toEqual(["output"]);
      await activitiesOf(run);
    });
  });

  describe("and is more than a server takes", { concurrent: true }, () => {
    const sent = { large: "error", bytes: 5 * mebibyte } as const;
    // More than its gRPC takes, which it answers with RESOURCE_EXHAUSTED.
    const completer = () => temporalCompleter(client, { payloadLimit: 8 * mebibyte });

    it("is completed with the least status", async () => {
      const { id, call, token } = await calling();
      const content = { phase: EXECUTION_COMPLETED, large: "output", bytes: 5 * mebibyte } as const;
      expect(await inTime(completer().complete(token, statusOf(id, content)))).toBe("settled");
      const { result } = await endOf(call);
      expect(result?.phase).toBe(EXECUTION_COMPLETED);
      expect(cutFieldsOf(result as ExecutionStatus)).toEqual(["all but the phase and the error"]);
    });

    it("is completed with the least execution, for who waits for that", async () => {
      const { id, call, execution, token } = await calling();
      const { payloadLimit, result } = { payloadLimit: 8 * mebibyte, result: "execution" } as const;
      const asExecution = temporalCompleter(client, { payloadLimit, result });
      const content = { phase: EXECUTION_COMPLETED, large: "output", bytes: 5 * mebibyte } as const;
      const ended = async () => execution;
      const report = asExecution.complete(token, statusOf(id, content), ended);
      expect(await inTime(report)).toBe("settled");
      const end = await endOf(call);
      expect(end.failure).toBeUndefined();
      expect(cutFieldsOf(end.result as ExecutionStatus)).toEqual([
        "all but the phase and the error",
      ]);
    });

    it("fails with the beginning of its text", async () => {
      const { id, call, token } = await calling();
      const status = statusOf(id, { phase: EXECUTION_FAILED, ...sent });
      const report = completer().fail(token, { message: status.error, status });
      expect(await inTime(report)).toBe("settled");
      const { failure } = await endOf(call);
      expect(failure).toMatchObject({
        type: "ExecutionFailed",
        details: [{ phase: EXECUTION_FAILED, error: "" }],
      });
      expect(howMuch(failure?.message ?? "", sent.bytes)).toBe("the first 16 KiB of the text");
    });

    it("is cancelled with the beginning of its text", async () => {
      const { id, call, token } = await calling();
      await untilPending(call);
      await call.cancel();
      await untilCancelled(token);
      const status = statusOf(id, { phase: EXECUTION_CANCELLED, ...sent });
      expect(await inTime(completer().reportCancellation(token, status))).toBe("settled");
      expect((await endOf(call)).failure).toBeInstanceOf(CancelledFailure);
      const { phase, error } = (await cancellationOf(call)) as ExecutionStatus;
      expect(phase).toBe(EXECUTION_CANCELLED);
      expect(howMuch(error, sent.bytes)).toBe("the first 16 KiB of the text");
    });

    it("is cancelled by others with the beginning of its text", async () => {
      const { id, call, token } = await calling();
      const status = statusOf(id, { phase: EXECUTION_CANCELLED, ...sent });
      expect(await inTime(completer().reportCancellation(token, status))).toBe("settled");
      const { failure } = await endOf(call);
      expect(failure).toMatchObject({ type: "ExecutionCancelled" });
      expect(howMuch(failure?.message ?? "", sent.bytes)).toBe("the first 16 KiB of the text");
    });

    it.each(["the SDK's gRPC connection", "a worker's native connection"])(
      "is refused as too large over %s when it cannot be cut",
      async (over) => {
        const { call, token } = await calling();
        const own = over.startsWith("a")
          ? new Client({ connection: native, dataConverter })
          : client;
        const result = "x".repeat(5 * mebibyte);
        const report = temporalCompleter(own).completeWithJson(token, result);
        await expect(inTime(report)).rejects.toMatchObject({
          name: "HandshakeError",
          code: "too-large",
        });
        await call.terminate();
      },
    );
  });

  describe("and is more than a limit that is set lower", { concurrent: true }, () => {
    const payloadLimit = mebibyte / 4;
    const content = { phase: EXECUTION_COMPLETED, large: "output", bytes: payloadLimit } as const;

    it("is cut by the completer", async () => {
      const { id, call, token } = await calling();
      await temporalCompleter(client, { payloadLimit }).complete(token, statusOf(id, content));
      expect(cutFieldsOf((await endOf(call)).result as ExecutionStatus)).toEqual(["output"]);
    });

    it("is cut by the runner's workflow, also as its own result", async () => {
      const { id, call, token } = await calling();
      const run = await runWith(id, token, { content, options: { payloadLimit } });
      expect(cutFieldsOf((await endOf(call)).result as ExecutionStatus)).toEqual(["output"]);
      expect(cutFieldsOf(await run.result())).toEqual(["output"]);
    });

    it("is cut by the caller's activities", async () => {
      const { id } = await calling();
      await publish(id, statusOf(id, content));
      const read = (options = {}) =>
        createExecutionActivities(clients, options).ReadOutcome(id, "workflow");
      expect(cutFieldsOf(await read({ payloadLimit }))).toEqual(["output"]);
      expect(cutFieldsOf(await read())).toEqual([]);
    });
  });

  describe("or is an error of a runner's workflow", { concurrent: true }, () => {
    const content = { phase: EXECUTION_FAILED, large: "error", bytes: 5 * mebibyte } as const;
    const ratio = { phase: EXECUTION_FAILED, large: "ratio", bytes: 0 } as const;

    it.each([
      ["a text", "text", content, "the first 16 KiB of the text"],
      ["details", "details", content, undefined],
      ["details without a JSON form", "status details", ratio, undefined],
    ])("with %s that cannot be sent fails both workflows", async (_, throws, content, much) => {
      const { id, call, token } = await calling();
      const run = await runWith(id, token, { content, throws });
      const own = (await endOf(run)).failure as ApplicationFailure;
      const { failure } = await endOf(call);
      expect(own.type).toBe("OutOfStock");
      expect(failure).toMatchObject({ type: "ExecutionFailed" });
      for (const message of [own.message, failure?.message ?? ""]) {
        if (much === undefined) expect(message).toBe("out of stock");
        else expect(howMuch(message, content.bytes)).toBe(much);
      }
      await activitiesOf(run);
    });

    it.each(["text", "details"])(
      "with a large %s fails it, too, when nobody waits",
      async (throws) => {
        const run = await runWith(`wex-${randomUUID()}`, undefined, { content, throws });
        expect((await endOf(run)).failure).toMatchObject({ type: "OutOfStock" });
        await activitiesOf(run);
      },
    );
  });

  describe("or has no JSON form", { concurrent: true }, () => {
    const completed = { phase: EXECUTION_COMPLETED, large: "ratio", bytes: 0 } as const;
    const failed = { ...completed, phase: EXECUTION_FAILED };
    const cancelled = { ...completed, phase: EXECUTION_CANCELLED };
    const problem = expect.stringContaining('output["ratio"] is no JSON value');
    const invalid = { type: "ExecutionResultInvalid", message: problem, nonRetryable: true };

    it("completes nothing, but fails with the name of the field", async () => {
      const { id, call, token } = await calling();
      const status = statusOf(id, completed);
      expect(await temporalCompleter(client).complete(token, status)).toBe("settled");
      expect((await endOf(call)).failure).toMatchObject(invalid);
    });

    it("fails the runner's workflow, too, with the name of the field", async () => {
      const { id, call, token } = await calling();
      const run = await runWith(id, token, { content: completed });
      expect((await endOf(call)).failure).toMatchObject(invalid);
      expect((await endOf(run)).failure).toMatchObject(invalid);
      await activitiesOf(run);
    });

    it("fails with its message when it has failed, which stands in it once", async () => {
      const { id, call, token } = await calling();
      const status = statusOf(id, failed);
      await temporalCompleter(client).fail(token, { message: status.error, status });
      await expectOutOfStock(call, "ExecutionFailed", EXECUTION_FAILED);
    });

    it("fails with its message when it has failed in a runner's workflow", async () => {
      const { id, call, token } = await calling();
      const run = await runWith(id, token, { content: failed });
      await expectOutOfStock(call, "ExecutionFailed", EXECUTION_FAILED);
      expect(await run.result()).toMatchObject({ phase: EXECUTION_FAILED, error: "out of stock" });
    });

    it("is cancelled with its message when it was", async () => {
      const { id, call, token } = await calling();
      const run = await runWith(id, token, { content: cancelled });
      await expectOutOfStock(call, "ExecutionCancelled", EXECUTION_CANCELLED);
      expect(await run.result()).toMatchObject({ phase: EXECUTION_CANCELLED });
    });

    it("fails the attempt of a caller that finds it, which is not retried", async () => {
      const { id, call } = await calling(`wex-${randomUUID()}-ended-with-nan`);
      expect((await endOf(call)).failure).toMatchObject(invalid);
      expect(await activitiesOf(call)).toEqual(["ExecuteWorkflow, attempt 1"]);
      expect(created.has(id)).toBe(true);
    });
  });

  async function untilCancelled(token: CallbackToken): Promise<void> {
    const completer = temporalCompleter(client);
    await until("the activity is told to cancel", async () => {
      return (await completer.heartbeat(token)) === "cancel-requested";
    });
  }

  /** Expects that the caller fails as its execution has, with the text in the failure once. */
  async function expectOutOfStock(call: WorkflowHandle, type: string, phase: ExecutionPhase) {
    const message = "out of stock";
    expect((await endOf(call)).failure).toMatchObject({
      type,
      message,
      details: [{ phase, error: "" }],
    });
    const events = (await call.fetchHistory()).events ?? [];
    const failures = events.flatMap((event) => {
      const { failure } =
        event.activityTaskFailedEventAttributes ??
        event.workflowExecutionFailedEventAttributes ??
        {};
      return failure ? [Failure.encode(Failure.create(failure)).finish()] : [];
    });
    const counts = failures.map(
      (bytes) => new TextDecoder().decode(bytes).split(message).length - 1,
    );
    expect(counts).toEqual([1, 1]);
  }

  interface End {
    readonly result?: ExecutionStatus;
    readonly failure?: Error | undefined;
  }

  async function endOf(call: WorkflowHandle): Promise<End> {
    try {
      return { result: await call.result() };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      return { failure: error.cause };
    }
  }

  /** In words; fails when it is not what the execution has ended with. */
  async function whatTheCallerGets(
    { result, failure }: End,
    { phase, large, bytes }: Content,
    isAsked: boolean,
    call: WorkflowHandle,
  ): Promise<string> {
    // Neither retried nor rescued by a read.
    expect(await activitiesOf(call)).toEqual([expect.stringMatching(/^Execute.*, attempt 1$/)]);
    if (phase === EXECUTION_COMPLETED) {
      expect(failure).toBeUndefined();
      expect(result?.phase).toBe(phase);
      // What was asked for is the last to go.
      if (result?.$typeName.endsWith("AgentExecutionStatus")) {
        expect((result as AgentExecutionStatus).messages.at(-1)?.content).toBe("the answer");
      } else if (large === "tasks") {
        expect((result as WorkflowExecutionStatus).output).toEqual({ from: expect.any(String) });
      }
      const cut = cutFieldsOf(result as ExecutionStatus);
      return cut.length === 0 ? "the whole status" : `the status without: ${cut.join("; ")}`;
    }
    if (isAsked) {
      expect(failure).toBeInstanceOf(CancelledFailure);
      const status = (await cancellationOf(call)) as ExecutionStatus;
      expect(status.phase).toBe(phase);
      return `a cancellation; its details have ${howMuch(status.error, bytes)}`;
    }
    expect(failure).toBeInstanceOf(ApplicationFailure);
    const { type, message, details, nonRetryable } = failure as ApplicationFailure;
    expect(details).toMatchObject([{ phase, error: "" }]);
    expect(nonRetryable).toBe(true);
    return `\`${type}\` with ${howMuch(message, bytes)}`;
  }

  /** The activities that a workflow has had run, whose tasks must not have failed meanwhile. */
  async function activitiesOf(handle: WorkflowHandle): Promise<string[]> {
    const events = (await handle.fetchHistory()).events ?? [];
    expect(events.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
    expect(events.filter((event) => event.workflowExecutionTerminatedEventAttributes)).toEqual([]);
    return events.flatMap((event) => {
      const started = event.activityTaskStartedEventAttributes;
      if (!started) return [];
      const scheduled = events.find(
        ({ eventId }) => String(eventId) === String(started.scheduledEventId),
      );
      const name = scheduled?.activityTaskScheduledEventAttributes?.activityType?.name;
      return [`${name}, attempt ${started.attempt}`];
    });
  }

  /** The details with which the activity of a caller was cancelled. */
  async function cancellationOf(call: WorkflowHandle): Promise<unknown> {
    const events = (await call.fetchHistory()).events ?? [];
    const cancelled = events.find((event) => event.activityTaskCanceledEventAttributes);
    const [payload] = cancelled?.activityTaskCanceledEventAttributes?.details?.payloads ?? [];
    return payload && client.options.loadedDataConverter.payloadConverter.fromPayload(payload);
  }
});

/** What the promise gives, which must not take as long as it takes to try again and again. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  const started = Date.now();
  try {
    return await promise;
  } finally {
    expect(Date.now() - started).toBeLessThan(20_000);
  }
}

function titleOf({ mebibytes, outcome, by }: Case): string {
  return `${mebibytes} MiB, ${outcome}, by ${by}`;
}

function howMuch(text: string, bytes: number): string {
  if (text.length === bytes) return "the whole text";
  const [, shown, of] = /^x+… \[cut: (\d+) of (\d+) bytes\]$/.exec(text) ?? [];
  expect(Number(of)).toBe(bytes);
  return `the first ${Number(shown) / 1024} KiB of the text`;
}

function tableOf(rows: (Partial<Case> & { gets?: string; took?: string })[]): string {
  const lines = [
    ["size", "outcome", "reported by", "what the caller gets", "took"],
    ["--:", "---", "---", "---", "--:"],
    ...rows.map(({ mebibytes, outcome, by, gets, took }) => [
      `${mebibytes} MiB`,
      outcome,
      `\`${by}\``,
      gets,
      took,
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function withoutTimes(table: string): string {
  return table.replaceAll(/[^|]*\|$/gm, "").trim();
}
