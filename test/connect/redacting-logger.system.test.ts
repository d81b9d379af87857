import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { create, type Message } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createClient,
  type Interceptor,
} from "@connectrpc/connect";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type CallLog, callbackTokenGuard, redactingLogger } from "../../src/connect/index.js";
import { callbackToken, describeCallbackToken } from "../../src/index.js";
import { toRedactedJson } from "../../src/redaction/index.js";
import {
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { textOf } from "../redaction/fixtures.js";
import { make, packed, registry, serviceOf } from "../redaction/protos.js";
import { all, secretValue } from "../testing/fixtures.js";
import { connections, http2, inMemory } from "./connections.js";

const token = callbackToken(randomBytes(132));
const execution = () =>
  create(WorkflowExecutionSchema, {
    metadata: { name: "shown" },
    spec: { callbackToken: token, runtimeEnv: { KEY: { value: secretValue, isSecret: true } } },
  });
const shown = {
  metadata: { name: "shown" },
  spec: {
    callbackToken: describeCallbackToken(token),
    runtimeEnv: { KEY: { value: "[redacted]", isSecret: true } },
  },
};
const commands = WorkflowExecutionCommandController.typeName;
const queries = WorkflowExecutionQueryController.typeName;

interface Line {
  readonly level: "info" | "debug";
  readonly fields: Record<string, unknown>;
  readonly text: string;
}

/** A log that keeps its lines. */
function recorder(): { log: CallLog; lines: Line[]; calls: () => unknown[] } {
  const lines: Line[] = [];
  const write = (level: Line["level"]) => (fields: object, text: string) =>
    void lines.push({ level, fields: fields as Line["fields"], text });
  const calls = () =>
    lines
      .filter(({ level }) => level === "info")
      .map(({ fields: { method, code } }) => ({ method, code }));
  return { log: { info: write("info"), debug: write("debug") }, lines, calls };
}

/** Gives executions with secrets, or what a test wants. */
function service(
  get: () => unknown = execution,
  subscribe: (signal: AbortSignal) => AsyncIterable<Message> = async function* () {
    yield execution();
    yield execution();
  },
) {
  return (router: ConnectRouter) => {
    router.service(WorkflowExecutionCommandController, { create: (request) => request });
    router.service(WorkflowExecutionQueryController, {
      get: get as () => WorkflowExecution,
      subscribe: (_, { signal }) => subscribe(signal) as AsyncIterable<WorkflowExecution>,
    });
  };
}

describe.each(connections)("redactingLogger over $over", ({ serve }) => {
  async function start(routes = service()) {
    const [server, client] = [recorder(), recorder()];
    const connect = await serve(routes, redactingLogger(server.log));
    const transport = connect(redactingLogger(client.log));
    const query = createClient(WorkflowExecutionQueryController, transport);
    return {
      server,
      client,
      command: createClient(WorkflowExecutionCommandController, transport),
      get: () => query.get({ value: "wex-1" }),
      subscribe: (signal?: AbortSignal) =>
        query.subscribe({ executionId: "wex-1" }, signal && { signal }),
    };
  }

  it("writes one line about a call, and its messages as redacted JSON", async () => {
    const { server, client, command } = await start();
    await command.create(execution());
    const method = `${commands}/create`;
    for (const { lines } of [server, client]) {
      expect(lines).toEqual([
        { level: "debug", fields: { method, request: shown }, text: "request" },
        { level: "debug", fields: { method, response: shown }, text: "response" },
        {
          level: "info",
          fields: { method, durationMs: expect.any(Number), code: "OK" },
          text: "call",
        },
      ]);
      expect(lines[2]?.fields.durationMs).toBeGreaterThanOrEqual(0);
      expect(findSecrets(textOf(lines), [token, secretValue])).toEqual([]);
    }
  });

  it("writes one line about a stream when it has ended, and each message when it comes", async () => {
    const { server, client, subscribe } = await start();
    const counts: number[] = [];
    for await (const _ of subscribe()) counts.push(client.lines.length);
    const method = `${queries}/subscribe`;
    const response = { level: "debug", fields: { method, response: shown }, text: "response" };
    for (const { lines, calls } of [server, client]) {
      expect(lines.slice(0, 3)).toEqual([
        { level: "debug", fields: { method, request: { executionId: "wex-1" } }, text: "request" },
        response,
        response,
      ]);
      expect(lines).toHaveLength(4);
      expect(calls()).toEqual([{ method, code: "OK" }]);
    }
    expect(counts[0]).toBeLessThan(4);
  });

  it.each([
    ["NotFound", new ConnectError("no such execution", Code.NotFound)],
    ["FailedPrecondition", new ConnectError("too late", Code.FailedPrecondition)],
    ["Internal", new Error(`a plain error with ${secretValue}`)],
  ])("writes the code %s of a call that fails, and of a stream midway", async (code, error) => {
    const { server, client, get, subscribe } = await start(
      service(
        () => {
          throw error;
        },
        async function* () {
          yield execution();
          throw error;
        },
      ),
    );
    await expect(get()).rejects.toHaveProperty("code", Code[code as "NotFound"]);
    await expect(all(subscribe())).rejects.toHaveProperty("code", Code[code as "NotFound"]);
    for (const { lines, calls } of [server, client]) {
      expect(calls()).toEqual([
        { method: `${queries}/get`, code },
        { method: `${queries}/subscribe`, code },
      ]);
      expect(findSecrets(textOf(lines), [token, secretValue])).toEqual([]);
    }
  });

  const handlers: Record<string, (left: Promise<unknown>, signal: AbortSignal) => unknown> = {
    "goes on": () => setImmediate(),
    "ends then": (left) => left,
    "fails then": (left, signal) => left.then(() => signal.throwIfAborted()),
  };
  const readers: Record<string, (leaving: AbortController) => boolean> = {
    "cancels it": (leaving) => leaving.abort() === undefined,
    "cancels it and reads no further": (leaving) => leaving.abort() !== undefined,
  };
  const leavings = Object.entries(handlers).flatMap(([handler, wait]) =>
    Object.entries(readers).map(([reader, goesOn]) => ({ handler, wait, reader, goesOn })),
  );
  it.each(leavings)(
    "writes Canceled when the reader $reader, of a stream that $handler",
    async ({ handler, wait, goesOn }) => {
      const { server, client, subscribe } = await start(
        service(undefined, async function* (signal) {
          const left = new Promise((resolve) => signal.addEventListener("abort", resolve));
          do {
            yield execution();
            await wait(left, signal);
          } while (handler === "goes on");
        }),
      );
      const leaving = new AbortController();
      const reading = async () => {
        for await (const _ of subscribe(leaving.signal)) if (!goesOn(leaving)) break;
      };
      await reading().catch((error) => expect(error).toHaveProperty("code", Code.Canceled));
      const line = [{ method: `${queries}/subscribe`, code: "Canceled" }];
      await vi.waitFor(
        () =>
          expect({ server: server.calls(), client: client.calls() }).toEqual({
            server: line,
            client: line,
          }),
        { timeout: 5_000, interval: 2 },
      );
    },
  );

  const full = new Error("the disk is full");
  it.each([
    [
      "throws",
      () => {
        throw full;
      },
    ],
    ["rejects", () => Promise.reject(full)],
    ["rejects later", () => setImmediate().then(() => Promise.reject(full))],
    [
      "rejects by a thenable",
      // biome-ignore lint/suspicious/noThenProperty: what a query builder gives in place of a promise
      () => ({ then: (_: unknown, reject: (reason: Error) => void) => reject(full) }),
    ],
  ])("goes on when a log %s, and nobody else hears of it", async (_, refuse) => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    onTestFinished(() => void process.off("unhandledRejection", unhandled));
    for (const log of [
      { info: refuse, debug: refuse },
      { ...recorder().log, isLevelEnabled: refuse as never },
    ]) {
      const connect = await serve(service(), redactingLogger(log));
      const client = createClient(WorkflowExecutionQueryController, connect(redactingLogger(log)));
      expect((await client.get({})).metadata?.name).toBe("shown");
      expect(await all(client.subscribe({}))).toHaveLength(2);
    }
    // Node looks for unhandled rejections between two turns of its loop.
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("does not wait for a log", async () => {
    const never = () => new Promise<void>(() => {});
    const log = { info: never, debug: never };
    const connect = await serve(service(), redactingLogger(log));
    const client = createClient(WorkflowExecutionQueryController, connect(redactingLogger(log)));
    expect((await client.get({})).metadata?.name).toBe("shown");
    expect(await all(client.subscribe({}))).toHaveLength(2);
  });

  it("goes on when a message has no JSON form, and does not show it", async () => {
    const routes = service(() => {
      const message = execution();
      const createdAt = { seconds: 10n ** 15n };
      const status = { audit: { specAudit: { createdAt } } };
      return Object.assign(message, create(WorkflowExecutionSchema, { status }), {
        spec: message.spec,
      });
    });
    // Over JSON such a message cannot be sent at all.
    const connect = await (serve === inMemory.serve ? serve : http2.serve)(
      routes,
      redactingLogger(recorder().log),
    );
    const { log, lines, calls } = recorder();
    const client = createClient(WorkflowExecutionQueryController, connect(redactingLogger(log)));
    const { status } = await client.get({});
    expect(status?.audit?.specAudit?.createdAt?.seconds).toBe(10n ** 15n);
    const method = `${queries}/get`;
    expect(lines[1]?.fields).toEqual({
      method,
      response: `a ${WorkflowExecutionSchema.typeName} that has no JSON form`,
    });
    expect(calls()).toEqual([{ method, code: "OK" }]);
  });
});

describe("redactingLogger", () => {
  const connect = inMemory.serve;
  const clientOf = async (routes = service(), ...server: Parameters<typeof connect>[1][]) =>
    createClient(WorkflowExecutionQueryController, (await connect(routes, ...server))());

  it("writes Canceled when an interceptor around it takes the first message only", async () => {
    const { log, calls } = recorder();
    const first: Interceptor = (next) => async (call) => {
      const response = await next(call);
      if (!response.stream) return response;
      async function* take(messages: AsyncIterable<Message>): AsyncGenerator<Message> {
        for await (const message of messages) {
          yield message;
          break;
        }
      }
      return { ...response, message: take(response.message) };
    };
    const client = await clientOf(service(), first, redactingLogger(log));
    expect(await all(client.subscribe({}))).toHaveLength(1);
    expect(calls()).toEqual([{ method: `${queries}/subscribe`, code: "Canceled" }]);
  });

  it("does not read a message when debug lines are not wanted", async () => {
    const reads = async (log?: CallLog) => {
      let count = 0;
      const message = execution();
      const { spec } = message;
      const read = () => {
        count++;
        return spec;
      };
      const get = () => Object.defineProperty(message, "spec", { get: read });
      const client = await clientOf(service(get), ...(log ? [redactingLogger(log)] : []));
      await client.get({});
      return count;
    };
    const without = await reads();
    const { log, lines } = recorder();
    const isLevelEnabled = vi.fn((_: "debug") => false);
    expect(await reads({ ...log, isLevelEnabled })).toBe(without);
    expect(isLevelEnabled.mock.calls).toEqual([["debug"], ["debug"]]);
    expect(lines.map(({ level }) => level)).toEqual(["info"]);
    expect(await reads({ ...log, isLevelEnabled: () => true })).toBeGreaterThan(without);
    expect(lines.map(({ level }) => level)).toEqual(["info", "debug", "debug", "info"]);
  });

  it("writes to the console", async () => {
    const info = vi.spyOn(console, "info").mockImplementation(() => {});
    const debug = vi.spyOn(console, "debug").mockImplementation(() => {});
    try {
      const client = await clientOf(service(), redactingLogger(console));
      await client.get({});
      const method = `${queries}/get`;
      const call = { method, durationMs: expect.any(Number), code: "OK" };
      expect(info.mock.calls).toEqual([[call, "call"]]);
      expect(debug.mock.calls).toEqual([
        [{ method, request: {} }, "request"],
        [{ method, response: shown }, "response"],
      ]);
    } finally {
      info.mockRestore();
      debug.mockRestore();
    }
  });

  it("calls the methods of a logger as its own, as pino's need it", async () => {
    class Logger {
      readonly lines: string[] = [];
      #level = "info";
      set level(level: string) {
        this.#level = level;
      }
      isLevelEnabled(level: string): boolean {
        return level !== "debug" || this.#level === "debug";
      }
      info(fields: object, text: string): void {
        this.lines.push(JSON.stringify({ level: 30, ...fields, msg: text }));
      }
      debug(fields: object, text: string): void {
        this.lines.push(JSON.stringify({ level: 20, ...fields, msg: text }));
      }
    }
    const logger = new Logger();
    const client = await clientOf(service(), redactingLogger(logger));
    await client.get({});
    expect(logger.lines.splice(0).map((line) => JSON.parse(line))).toEqual([
      {
        level: 30,
        method: `${queries}/get`,
        durationMs: expect.any(Number),
        code: "OK",
        msg: "call",
      },
    ]);
    logger.level = "debug";
    await client.get({});
    expect(logger.lines.map((line) => JSON.parse(line).msg)).toEqual([
      "request",
      "response",
      "call",
    ]);
    expect(findSecrets(logger.lines.join("\n"), [token, secretValue])).toEqual([]);
  });

  it("shows what is in an Any when it is given the registry", async () => {
    const message = make("Places", {
      any: packed(make("Secrets", { text: secretValue, setting: "x" })),
    });
    const routes = (router: ConnectRouter) =>
      router.service(serviceOf("LaterController"), { read: () => message } as never);
    const { log, lines } = recorder();
    const served = await connect(routes, redactingLogger(log, { registry }), redactingLogger(log));
    const client = createClient(serviceOf("LaterController"), served());
    await (client as unknown as { read(request: object): Promise<Message> }).read({});
    const typeUrl = "type.googleapis.com/test.redaction.Secrets";
    const responses = lines.flatMap(({ fields }) => fields.response ?? []);
    expect(responses).toEqual([
      { any: { "@type": typeUrl, value: "[redacted]" } },
      { any: { "@type": typeUrl, text: "[redacted]", setting: "x" } },
    ]);
  });

  it("shows the token's description inside the guard, and nothing of it outside", async () => {
    const guard = callbackTokenGuard({ mayRead: () => false });
    const { log, lines } = recorder();
    const logger = redactingLogger(log);
    const responses = async (...interceptors: (typeof guard)[]) => {
      const client = await clientOf(service(), ...interceptors);
      const [viewed] = [await client.get({}), ...(await all(client.subscribe({})))];
      expect(findSecrets(textOf([viewed, lines]), [token, secretValue])).toEqual([]);
      return lines.splice(0).flatMap(({ fields }) => fields.response ?? []);
    };
    const viewed = {
      metadata: { name: "shown" },
      spec: { runtimeEnv: { KEY: { isSecret: true } } },
    };
    expect(await responses(guard, logger)).toEqual([shown, shown, shown]);
    expect(await responses(logger, guard)).toEqual([viewed, viewed, viewed]);
    expect(toRedactedJson(WorkflowExecutionSchema, execution())).toEqual(shown);
  });
});
