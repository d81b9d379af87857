import { randomBytes, randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { ApplicationFailure } from "@temporalio/common";
import { coresdk } from "@temporalio/proto";
import { describe, expect, it } from "vitest";
import { findSecrets } from "../../find-secrets.js";
import { everything, logged, printed } from "./logged.js";
import { newTaskToken } from "./new-task-token.js";

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
});
