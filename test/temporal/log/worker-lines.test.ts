import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { create } from "@bufbuild/protobuf";
import { callbackToken } from "@stigmer/apis";
import { createSystemActivities, loggerWithoutTokens } from "@stigmer/apis/temporal";
import { createActivityEngine } from "@stigmer/apis/testing";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";
import { CompleteAsyncError, Context, heartbeat, log } from "@temporalio/activity";
import { Client, Connection } from "@temporalio/client";
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
    workflow: { queries: { get: () => Promise.reject(new Error("not found")) } },
    agent: { queries: { get: () => Promise.reject(new Error("not found")) } },
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
  /** Ends when its attempt has been given up; heartbeats then, and once more after its end. */
  async late() {
    const context = Context.current();
    await released;
    context.heartbeat(1);
    setTimeout(() => {
      try {
        context.heartbeat(2);
      } finally {
        lateHasEnded = true;
      }
    }, 200);
  },
};

/** What the SDK says that a token is found in, and how. */
function tokensIn(lines: readonly Line[], tokens: readonly Uint8Array[]): string[] {
  const everything = { depth: null, maxArrayLength: null, maxStringLength: null } as const;
  return lines.flatMap((line) =>
    findSecrets(inspect(line, { ...everything, showHidden: true }), tokens)
      // Temporal's tokens are made of ids, which may stand in a line as such.
      .filter((found) => !found.endsWith(" as text"))
      .map((found) => `${line.level} ${line.meta.sdkComponent}: ${line.message}: ${found}`),
  );
}

describe.skipIf(!temporalAvailable())("a worker's log at TRACE, with the core's lines", () => {
  let server: TemporalServer;
  const tokens: Uint8Array[] = [foreign];
  const outcomes: Record<string, unknown> = {};

  beforeAll(async () => {
    server = await startTemporalServer();
    Runtime.install({
      logger,
      telemetryOptions: { logging: { forward: {}, filter: { core: "TRACE", other: "INFO" } } },
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

    /** The message of the innermost cause. */
    const outcomeOf = async (at: string, name: string, args: unknown[], options = {}) => {
      try {
        return await client.workflow.execute("callingOne", {
          taskQueue: queueOf("workflows"),
          workflowId: `call-${randomUUID()}`,
          args: [name, args, { taskQueue: queueOf(at), ...options }],
        });
      } catch (error) {
        return rootCause(error);
      }
    };
    const oneAttempt = { startToCloseTimeout: "1s", retry: { maximumAttempts: 1 } };
    const calls = {
      unregistered: outcomeOf("three", "CancelExternalActivity", report),
      registered: outcomeOf("three", "FailExternalActivity", report),
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

  it("is of activities that end in every way", () => {
    console.log(outcomes, tokens.length, written.length);
    console.log(
      [...new Set(tokensIn(written, tokens).map((t) => t.replace(/secret \d+/, "")))]
        .filter((t) => !/^(TRACE|DEBUG) core/.test(t))
        .join("\n"),
    );
  });

  it("shows no token", () => {
    expect(shown).toHaveLength(written.length);
    expect(tokensIn(shown, tokens)).toEqual([]);
  });

  it("says all the rest", () => {
    console.log(
      inspect(
        shown.filter((l) => l.level === "ERROR" || l.level === "WARN"),
        { depth: 6 },
      ),
    );
  });
});
