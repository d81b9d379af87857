import { randomBytes, randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { ApplicationFailure, type LogLevel, type LogMetadata } from "@temporalio/common";
import { coresdk } from "@temporalio/proto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loggerWithoutTokens } from "../../../src/temporal/log/logger-without-tokens.js";
import { findSecrets } from "../../find-secrets.js";
import { newTaskToken } from "./new-task-token.js";

interface Line {
  level: LogLevel;
  message: string;
  meta?: LogMetadata | undefined;
}

function logged(message: string, meta?: LogMetadata): Line {
  const lines: Line[] = [];
  const put = (level: LogLevel) => (message: string, meta?: LogMetadata) => {
    lines.push({ level, message, meta });
  };
  const logger = loggerWithoutTokens({
    log: (level, message, meta) => put(level)(message, meta),
    trace: put("TRACE"),
    debug: put("DEBUG"),
    info: put("INFO"),
    warn: put("WARN"),
    error: put("ERROR"),
  });
  logger.trace(message, meta);
  logger.debug(message, meta);
  logger.info(message, meta);
  logger.warn(message, meta);
  logger.error(message, meta);
  logger.log("INFO", message, meta);
  const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "INFO"];
  expect(lines.map(({ level }) => level)).toEqual(levels);
  const [line] = lines as [Line];
  for (const other of lines) expect(other).toEqual({ ...line, level: other.level });
  return line;
}

const metaOf = (value: unknown) => logged("line", { value }).meta?.value;
const everything = {
  depth: null,
  maxArrayLength: null,
  maxStringLength: null,
  showHidden: true,
} as const;
const printed = (line: Line) => `${line.message} ${inspect(line.meta, everything)}`;

/** What may be logged of a token, by its name. */
const forms: Record<string, (token: Buffer) => unknown> = {
  bytes: (token) => new Uint8Array(token),
  Buffer: (token) => token,
  ArrayBuffer: (token) => new Uint8Array(token).buffer,
  SharedArrayBuffer: (token) => {
    const shared = new SharedArrayBuffer(token.length);
    new Uint8Array(shared).set(token);
    return shared;
  },
  DataView: (token) => new DataView(new Uint8Array(token).buffer),
  "array of numbers": (token) => [...token],
  "JSON of a Buffer": (token) => token.toJSON(),
  "object by index": (token) => ({ ...new Uint8Array(token) }),
  Base64: (token) => token.toString("base64"),
  "Base64 without padding": (token) => token.toString("base64").replace(/=+$/, ""),
  Base64url: (token) => token.toString("base64url"),
  "Base64 in lines": (token) => token.toString("base64").replace(/.{64}/g, "$&\n"),
  hex: (token) => token.toString("hex"),
  "upper-case hex": (token) => token.toString("hex").toUpperCase(),
  "raw text": (token) => token.toString("latin1"),
  "UTF-8 text": (token) => token.toString("utf8"),
  "boxed text": (token) => new String(token.toString("base64")),
  URL: (token) => new URL(`https://example.com/${token.toString("base64url")}?a=b`),
  "text of bytes": (token) => inspect(new Uint8Array(token), everything),
  "text of a Buffer": (token) => inspect(token),
  "text of numbers": (token) => String([...token]),
  "JSON of bytes": (token) => JSON.stringify(new Uint8Array(token)),
  "JSON in JSON": (token) => JSON.stringify(JSON.stringify({ token: token.toString("base64") })),
  "as Rust shows it": (token) => `TaskToken(${token.toString("base64")}), bytes: [${[...token]}]`,
  task: (token) => taskOf(token),
  "JSON of a task": (token) => JSON.stringify(taskOf(token).toJSON()),
  "encoded task": (token) =>
    Buffer.from(coresdk.activity_task.ActivityTask.encode(taskOf(token)).finish()).toString(
      "base64",
    ),
  "error's message": (token) => new Error(`bad token ${token.toString("base64")}`),
  "error's name": (token) => Object.assign(new Error("x"), { name: token.toString("base64url") }),
  "error's property": (token) => Object.assign(new Error("x"), { taskToken: token, more: token }),
  "error's cause": (token) => new Error("x", { cause: new Error(token.toString("hex")) }),
  "error of errors": (token) => new AggregateError([new Error(token.toString("base64"))], "x"),
  "details of a failure": (token) => ApplicationFailure.create({ details: [token] }),
  key: (token) => ({ [token.toString("base64")]: 1 }),
  symbol: (token) => Symbol(token.toString("base64")),
  function: (token) => Object.assign(() => token, { token }),
  "Map and Set": (token) => new Map([[token.toString("base64"), new Set([token])]]),
  getter: (token) => ({
    get value() {
      return token;
    },
  }),
  "text that prints itself": (token) => ({
    toString: () => token.toString("base64"),
    [inspect.custom]: () => token.toString("base64"),
    toJSON: () => token.toString("base64"),
  }),
};

function taskOf(taskToken: Uint8Array) {
  const data = Buffer.from(JSON.stringify({ callbackToken: Buffer.from(taskToken) }));
  return coresdk.activity_task.ActivityTask.create({
    taskToken,
    start: { activityType: "ExecuteWorkflow", input: [{ data }] },
  });
}

describe("a token", () => {
  it.each(Object.keys(forms))("as %s is in no line, wherever it stands", (form) => {
    for (const token of [newTaskToken(), newTaskToken(), randomBytes(132)]) {
      const value = forms[form]?.(token);
      const lines = [
        logged("line", { value }),
        logged("line", { at: [{ any: { depth: [value] } }] }),
        logged("line", { taskToken: value, task: value, taskEncoded: value }),
        ...(typeof value === "string" ? [logged(`before ${value} after`), logged(value)] : []),
      ];
      for (const line of lines) {
        // Temporal's tokens are made of ids, which may stand in a text as such.
        const found = findSecrets(printed(line), [token]);
        expect(found.filter((form) => !form.endsWith(" as text"))).toEqual([]);
      }
    }
  });

  it("as a list of numbers leaves no piece, however many of them have two digits", () => {
    for (let count = 0; count < 500; count++) {
      const token = newTaskToken();
      const { message } = logged(`TaskToken(${token.toString("base64")}), bytes: [${[...token]}]`);
      expect(message).toBe("TaskToken([bytes]), bytes: [[bytes]]");
    }
  });

  it("as raw text leaves none of its bytes that are no characters", () => {
    const raw = newTaskToken().toString("latin1");
    for (const text of [raw, JSON.stringify(raw), inspect(raw)]) {
      expect(logged(`before ${text} after`).message).toMatch(
        // biome-ignore lint/suspicious/noControlCharactersInRegex: those must be none.
        /^before (?!.*([\x00-\x08\x0e-\x1f]|\\x|\\u)).* after$/s,
      );
    }
  });

  it("is in no line whatever stands around it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(2), (before, after, shift) => {
        const token = newTaskToken();
        const shifted = Buffer.concat([randomBytes(shift), token]);
        for (const form of ["base64", "base64url", "hex"] as const) {
          const { message } = logged(`${before}${shifted.toString(form)}${after}`);
          const found = findSecrets(message, [token]);
          expect(found.filter((form) => !form.endsWith(" as text"))).toEqual([]);
        }
      }),
    );
  });
});

describe("a line keeps", () => {
  it("what the SDK says of an activity", () => {
    const attributes = {
      sdkComponent: "worker",
      isLocal: false,
      attempt: 2,
      namespace: "default",
      activityId: "1",
      activityType: "HeartbeatExternalActivity",
      workflowId: `call-${randomUUID()}`,
      workflowRunId: randomUUID(),
      workflowType: "ExecuteServerlessWorkflow",
      durationMs: 3.5,
      callbackToken: "133 bytes, sha256:0a1b2c3d",
      [Symbol.for("log_timestamp")]: 1795744610424990556n,
      startedAt: new Date(0),
      nothing: undefined,
    };
    expect(logged("Activity failed", { ...attributes, taskToken: "CiQ=" })).toEqual({
      level: "TRACE",
      message: "Activity failed",
      meta: attributes,
    });
    expect(logged("no attributes").meta).toBeUndefined();
  });

  it.each([
    "Error while processing ActivityTask.start: Activity function HeartbeatExternalActivity is not registered on this Worker",
    'available activities: ["CompleteExternalActivity","FailExternalActivity"]',
    `order-${randomUUID()}`,
    `ORDER-EU-${randomUUID().toUpperCase()} and WEX_PROD_${randomUUID()}`,
    "Order-2026-11-23T10-00-00-abcdef0123",
    "at file:///home/app/node_modules/@temporalio/worker/lib/worker.js:204:40",
    "temporalio_sdk_core::worker::workflow::machines::workflow_machines",
    "type.googleapis.com/temporal.api.errordetails.v1.NotFoundFailure",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "2026-11-23T10:00:00.000Z 10:00:00, 17, 18, 19, 20 and 2001:db8:0:0:0:ff00:42:8329",
    "[32mgreen[39m and two\nlines\tof text, dürfen auch Umlaute haben ☃",
  ])("%s", (text) => {
    expect(logged(text, { text })).toMatchObject({ message: text, meta: { text } });
  });

  it("an error as one, with its causes", () => {
    const error = new TypeError("no model", { cause: new Error("not found") });
    const shown = metaOf(error) as Error;
    expect(shown).toBeInstanceOf(Error);
    expect(shown).toMatchObject({ name: "TypeError", message: "no model", stack: error.stack });
    expect(shown.cause).toMatchObject({ name: "Error", message: "not found" });
    const failure = ApplicationFailure.nonRetryable("no model", "ExecutionFailed", { phase: 4 });
    expect(metaOf(failure)).toMatchObject({
      name: "ApplicationFailure",
      message: "no model",
      type: "ExecutionFailed",
      nonRetryable: true,
      details: [{ phase: 4 }],
    });
  });
});

describe("a logger is not disturbed by", () => {
  it("circles, which it says", () => {
    const circle: { self?: unknown; twice: unknown[] } = { twice: [] };
    circle.self = circle;
    const shared = { name: "shared" };
    circle.twice.push(shared, shared);
    expect(metaOf(circle)).toEqual({ self: "[circular]", twice: [shared, shared] });
    const error = new Error("circular");
    error.cause = error;
    expect((metaOf(error) as Error).cause).toBe("[circular]");
  });

  it("what cannot be read", () => {
    const throwing = (): never => {
      throw new Error("not readable");
    };
    const value = {
      get bad() {
        return throwing();
      },
      good: 1n,
      proxy: new Proxy({}, { ownKeys: throwing, getPrototypeOf: throwing }),
      error: Object.defineProperty(new Error("x"), "message", { get: throwing }),
    };
    expect(metaOf(value)).toMatchObject({
      bad: "[unreadable]",
      good: 1n,
      proxy: "[unreadable]",
      error: { message: "[unreadable]" },
    });
  });

  it("depth, nor by many ways to the same object", () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) deep = [deep, deep];
    expect(inspect(metaOf(deep), everything)).toContain("[deeper]");
  });

  it("long texts", () => {
    const start = performance.now();
    for (const part of ["a", "ab/cd-", "1,", "0a ", "Ab1", '{"a":1}', "\u0001", "\\x", "=", " "]) {
      metaOf(part.repeat(1_000_000 / part.length));
    }
    // All of them, six times over; what is quadratic takes minutes.
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
