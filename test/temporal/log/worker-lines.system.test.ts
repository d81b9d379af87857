import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { callbackToken } from "@stigmer/apis";
import { createSystemActivities, loggerWithoutTokens } from "@stigmer/apis/temporal";
import { createActivityEngine } from "@stigmer/apis/testing";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import { CompleteAsyncError, Context, heartbeat, log } from "@temporalio/activity";
import { Client, Connection, WorkflowFailedError } from "@temporalio/client";
import { type LogLevel, type LogMetadata, rootCause } from "@temporalio/common";
import {
  type Logger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
} from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSecrets } from "../../find-secrets.js";
import { startTemporalServer, type TemporalServer, temporalAvailable } from "../server.js";
import { payloadConverterPath, until } from "../world/world.js";
import { newTaskToken } from "./new-task-token.js";

interface Line {
  level: LogLevel;
  message: string;
  meta: LogMetadata;
}

// As the SDK has written them, and as they came through the logger.
const written: Line[] = [];
const shown: Line[] = [];

function loggerOf(log: Logger["log"]): Logger {
  const levels = ["trace", "debug", "info", "warn", "error"] as const;
  const methods = levels.map((level) => [
    level,
    (message: string, meta?: LogMetadata) => log(level.toUpperCase() as LogLevel, message, meta),
  ]);
  return { log, ...Object.fromEntries(methods) };
}

const into = (lines: Line[]) =>
  loggerOf((level, message, meta = {}) => lines.push({ level, message, meta }));

const clean = loggerWithoutTokens(into(shown));
const logger = loggerOf((level, message, meta) => {
  into(written).log(level, message, meta);
  clean.log(level, message, meta);
});

// Of a caller elsewhere: an argument of the runner's activities.
const foreign = callbackToken(newTaskToken());
const status = create(WorkflowExecutionStatusSchema, { phase: ExecutionPhase.EXECUTION_COMPLETED });
const report = [foreign, status, "wex-1"];

let release: (() => void) | undefined;
const released = new Promise<void>((resolve) => {
  release = resolve;
});
let lateHasEnded = false;

const { CancelExternalActivity: _, ...three } = createSystemActivities({
  completer: createActivityEngine(),
  executions: {
    workflow: { queries: { get: () => Promise.reject(new ConnectError("none", Code.NotFound)) } },
    agent: { queries: { get: () => Promise.reject(new ConnectError("none", Code.NotFound)) } },
  },
});

const own = {
  async throws() {
    const { info } = Context.current();
    log.warn(`will fail: ${info.base64TaskToken}`, { info });
    throw new Error(`failed with ${info.base64TaskToken}`, { cause: info.taskToken });
  },
  async pends() {
    throw new CompleteAsyncError();
  },
  /** Until it is cancelled. */
  async beats() {
    for (;;) {
      heartbeat(1);
      await Context.current().sleep(100);
    }
  },
  async beatsWithoutJson() {
    heartbeat(1n);
    await Context.current().sleep("1m");
  },
  /** Ends when its attempt has been given up, and heartbeats after its end. */
  async late() {
    const context = Context.current();
    await released;
    setTimeout(() => {
      try {
        context.heartbeat(1);
      } finally {
        lateHasEnded = true;
      }
    }, 200);
  },
};

/** The forms in which lines show tokens; Temporal's are made of ids, which may stand there as such. */
function tokensIn(lines: readonly Line[], tokens: readonly Uint8Array[]): string[] {
  const text = lines.map(printed).join("\n");
  // Each piece once that is long enough for one of the forms: there are megabytes of lines.
  const pieces = text.match(/[\w+/=-]{16,}|(?:\d{1,3}, ?){11,}\d{1,3}/g);
  return [
    ...findSecrets([...new Set(pieces)].join("\n"), tokens),
    ...tokens.filter((token) => text.includes(Buffer.from(token).toString())),
  ]
    .map(String)
    .filter((found) => !found.endsWith(" as text"));
}

function printed(line: Line): string {
  const everything = { depth: null, maxArrayLength: null, maxStringLength: null } as const;
  return inspect(line, { ...everything, breakLength: Number.POSITIVE_INFINITY, showHidden: true });
}

describe.skipIf(!temporalAvailable())("a worker's log at TRACE, with the core's lines", () => {
  let server: TemporalServer;
  const tokens: Uint8Array[] = [foreign];
  const outcomes: Record<string, unknown> = {};

  beforeAll(async () => {
    server = await startTemporalServer();
    Runtime.install({
      logger,
      telemetryOptions: { logging: { forward: {}, filter: { core: "TRACE", other: "TRACE" } } },
    });
    const { address } = server;
    const connection = await NativeConnection.connect({ address });
    const dataConverter = { payloadConverterPath };
    const client = new Client({ connection: await Connection.connect({ address }), dataConverter });
    const queueOf = (name: string) => `${name}-${foreign.at(-1)}`;
    const startWorker = async (name: string, options: Partial<WorkerOptions>) => {
      const times = { shutdownGraceTime: "100ms", shutdownForceTime: "10s" } as const;
      const taskQueue = queueOf(name);
      const worker = await Worker.create({ connection, taskQueue, ...times, ...options });
      return { shutdown: () => worker.shutdown(), end: worker.run() };
    };
    const workflowsPath = fileURLToPath(new URL("worker-lines.workflow.js", import.meta.url));
    const workflows = await startWorker("workflows", { dataConverter, workflowsPath });
    const workers = [
      await startWorker("three", { dataConverter, activities: three }),
      await startWorker("no converter", { activities: three }),
      await startWorker("own", { dataConverter, activities: own }),
    ];

    /** What the workflow returns, or the text of what has failed it. */
    const outcomeOf = async (at: string, name: string, args: unknown[], options = {}) => {
      try {
        return await client.workflow.execute("callingOne", {
          taskQueue: queueOf("workflows"),
          workflowId: `call-${randomUUID()}`,
          args: [name, { taskQueue: queueOf(at), ...options }, ...args],
        });
      } catch (error) {
        return rootCause(error instanceof WorkflowFailedError ? error.cause : error);
      }
    };
    const oneAttempt = { startToCloseTimeout: "1s", retry: { maximumAttempts: 1 } };
    const calls = {
      unregistered: outcomeOf("three", "CancelExternalActivity", report),
      registered: outcomeOf("three", "CompleteExternalActivity", report),
      undecoded: outcomeOf("no converter", "CompleteExternalActivity", report),
      throws: outcomeOf("own", "throws", []),
      pends: outcomeOf("own", "pends", [], { startToCloseTimeout: "1s" }),
      beatsWithoutJson: outcomeOf("own", "beatsWithoutJson", []),
      cancelled: outcomeOf("own", "beats", [], { heartbeatTimeout: "1s", cancelAfter: "500ms" }),
      late: outcomeOf("own", "late", [], oneAttempt),
    };
    for (const [name, call] of Object.entries(calls)) outcomes[name] = await call;

    release?.();
    const has = (text: string, level: LogLevel) =>
      written.some((line) => line.level === level && line.message.startsWith(text));
    await until("the core warns of it", () => has("Activity not found on completion", "WARN"));
    await until("the activity has heartbeaten after its end", () => lateHasEnded);

    const started = () =>
      written.filter(({ message, meta: { activityType } }) => {
        return message === "Starting activity" && activityType === "beats";
      }).length;
    const before = started();
    const inTheMiddle = outcomeOf("own", "beats", [], { heartbeatTimeout: "1s", ...oneAttempt });
    await until("an activity is running", () => started() > before);
    for (const { shutdown } of workers) shutdown();
    await Promise.all(workers.map(({ end }) => end));
    outcomes.inTheMiddle = await inTheMiddle;
    workflows.shutdown();
    await workflows.end;
    await connection.close();
    await client.connection.close();
    await Runtime.instance().shutdown();

    for (const { message, meta } of written) {
      if (message === "Got activity task") tokens.push(Buffer.from(meta.taskToken, "base64"));
    }
  }, 120_000);

  afterAll(() => server?.stop());

  it("is of activities that end in every way, and has tokens in lines of every kind", () => {
    expect(outcomes).toEqual({
      unregistered: expect.stringContaining("CancelExternalActivity is not registered"),
      registered: expect.stringContaining("expected a token of the in-memory engine"),
      undecoded: expect.stringContaining("Failed to parse activity args"),
      throws: expect.stringContaining("failed with CiQ"),
      pends: "activity StartToClose timeout",
      beatsWithoutJson: "HEARTBEAT_DETAILS_CONVERSION_FAILED",
      cancelled: "",
      late: "activity StartToClose timeout",
      inTheMiddle: expect.any(String),
    });
    const texts = tokens.map((token) => Buffer.from(token).toString("base64"));
    const withToken = written.filter((line) => {
      // Not with all that is hidden: some bytes are a part of a large buffer.
      const text = inspect(line, { depth: 2, maxStringLength: null });
      return texts.some((token) => text.includes(token));
    });
    const kinds = new Set(withToken.map(({ level, meta }) => `${meta.sdkComponent} ${level}`));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        ...["worker TRACE", "worker DEBUG", "worker WARN", "worker ERROR", "activity WARN"],
        ...["core TRACE", "core DEBUG", "core WARN"],
      ]),
    );
  });

  it("shows no token", () => {
    expect(shown).toHaveLength(written.length);
    expect(tokensIn(shown, tokens)).toEqual([]);
  });

  it("says what has gone wrong, and where", () => {
    const lineWith = (text: string) => shown.find(({ message }) => message.includes(text));
    const where = {
      activityType: "CancelExternalActivity",
      workflowId: expect.stringMatching(/^call-[0-9a-f-]{36}$/),
      workflowType: "callingOne",
      sdkComponent: "worker",
    };
    expect(lineWith("CancelExternalActivity is not registered")).toMatchObject({
      level: "ERROR",
      message: expect.stringMatching(/^Error while processing ActivityTask.start/),
      meta: { ...where, error: expect.any(Error) },
    });
    expect(lineWith("Unknown encoding: json/protobuf")).toMatchObject({
      level: "ERROR",
      meta: { ...where, activityType: "CompleteExternalActivity" },
    });
    expect(lineWith("Activity not found on completion")).toMatchObject({
      level: "WARN",
      meta: {
        sdkComponent: "core",
        workflowId: where.workflowId,
        details: expect.stringContaining('message: "workflow execution already completed"'),
      },
    });
  });
});
