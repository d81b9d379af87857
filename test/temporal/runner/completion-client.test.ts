import { randomUUID } from "node:crypto";
import { ActivityNotFoundError } from "@temporalio/client";
import { NamespaceNotFoundError } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import {
  CompletionClient,
  handshakeError,
  largeCall,
  settle,
} from "../../../src/temporal/runner/completion-client.js";
import { type CallbackToken, callbackToken } from "../../../src/token/index.js";
import { findSecrets } from "../../find-secrets.js";
import { handshakeRefusal, newToken, rejection } from "../../testing/fixtures.js";
import { newTaskToken } from "../log/new-task-token.js";

const codes = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  internal: 13,
  unavailable: 14,
};

/** An error as grpc-js makes it of what a server answers. */
function grpcError(code: number, details: string): Error {
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata: new Map() });
}

/** A client of a server that answers so. */
function clientOf(answer: () => Promise<unknown>) {
  const deadlines: number[] = [];
  const connection = {
    workflowService: { respondActivityTaskCompleted: answer },
    plugins: [],
    withDeadline: (deadline: number, call: () => Promise<unknown>) => {
      deadlines.push(deadline);
      return call();
    },
  };
  return { client: new CompletionClient({ connection: connection as never }), deadlines };
}

const refusing = (code: number, details: string) => {
  const error = grpcError(code, details);
  return { error, ...clientOf(() => Promise.reject(error)) };
};

describe("a call that ends an activity", () => {
  const complete = (client: CompletionClient, token: CallbackToken) =>
    settle(token, () => client.complete(token, undefined));

  it("has settled it when the server says nothing else", async () => {
    const { client } = clientOf(async () => ({}));
    expect(await complete(client, newToken())).toBe("settled");
  });

  it("has found nobody when the server does not find it", async () => {
    const { client } = refusing(codes.notFound, "invalid activityID or activity already timed out");
    expect(await complete(client, newToken())).toBe("not-found");
  });

  it.each([
    ["invalid-token", codes.invalidArgument, "Task token not set on request."],
    ["too-large", codes.resourceExhausted, "grpc: received message larger than max (5 vs. 4)"],
    ["unavailable", codes.resourceExhausted, "namespace rate limit exceeded"],
    ["unavailable", codes.unavailable, "No connection established"],
    ["unavailable", codes.failedPrecondition, "Namespace is deleted."],
    ["unavailable", codes.internal, "Received RST_STREAM with code 2"],
  ] as const)(
    "is refused as %s, in the server's words, for code %i: %s",
    async (code, of, text) => {
      const { client } = refusing(of, text);
      const error = await handshakeRefusal(complete(client, newToken()), code);
      expect(error.message).toMatch(
        /^Temporal (?:does not accept the token|refuses it|could not be asked): /,
      );
      expect(error.message.endsWith(`: ${text}`)).toBe(true);
    },
  );

  it("is refused as unavailable where the server does not know the namespace", async () => {
    const call = () => Promise.reject(new NamespaceNotFoundError("orders"));
    const error = await handshakeRefusal(settle(newToken(), call), "unavailable");
    expect(error.message).toBe("Temporal could not be asked: Namespace not found: 'orders'");
  });

  it("throws what does not come from the server as it is", async () => {
    const bug = new TypeError("cannot encode");
    expect(await rejection(settle(newToken(), () => Promise.reject(bug)))).toBe(bug);
  });
});

describe("a client that completes by token", () => {
  it("gives an error of the server as it came, by which a bad token and an outage differ", async () => {
    const { client, error } = refusing(codes.unavailable, "No connection established");
    expect(await rejection(client.complete(newToken(), undefined))).toBe(error);
  });

  it("tells by the SDK's own error that the server does not find the activity", async () => {
    const { client } = refusing(codes.notFound, "workflow execution already completed");
    const error = await rejection(client.complete(newToken(), undefined));
    expect(error).toBeInstanceOf(ActivityNotFoundError);
  });
});

describe("what the server quotes of a token", () => {
  const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

  it.each([codes.invalidArgument, codes.resourceExhausted, codes.unavailable])(
    "is in no error of code %i",
    (code) => {
      const token = callbackToken(newTaskToken());
      const ids = Buffer.from(token).toString("latin1").match(uuids) ?? [];
      const [namespaceId, workflowId, runId = ""] = ids;
      const text = `no ${namespaceId}: "call-${workflowId}", run:${runId}, ${runId.slice(0, 8)}.`;
      const error = handshakeError(grpcError(code, text), token) as Error;
      expect(findSecrets(`${error.stack}`, [token])).toEqual([]);
      expect(error.message).toMatch(/: no …: "…", run:…, ….$/);
    },
  );

  it("is not what stands in no token, or is as short as a word of a text", () => {
    const token = callbackToken(newTaskToken());
    expect(Buffer.from(token).toString("latin1")).toContain("Execute");
    const text = `Execute of ${randomUUID()} is not valid`;
    const error = handshakeError(grpcError(codes.invalidArgument, text), token) as Error;
    expect(error.message).toBe(`Temporal does not accept the token: ${text}`);
  });
});

describe("a call with more than 4 MiB", () => {
  const given = (client: CompletionClient) =>
    largeCall(client, () => client.complete(newToken(), undefined));

  it("has 4 s", async () => {
    const { client, deadlines } = clientOf(async () => ({}));
    const before = Date.now();
    await given(client);
    const [deadline = 0, ...others] = deadlines;
    expect(others).toEqual([]);
    expect(deadline - before).toBeGreaterThanOrEqual(4_000);
    expect(deadline - Date.now()).toBeLessThanOrEqual(4_000);
  });

  it("is too large when the server has not taken it by then", async () => {
    const { client, error } = refusing(codes.deadlineExceeded, "Deadline exceeded after 4s");
    const refused = await handshakeRefusal(given(client), "too-large");
    expect(refused.message).toContain("4 MiB");
    expect(refused.cause).toBe(error);
  });

  it("is refused as any other for any other reason", async () => {
    const { client, error } = refusing(codes.unavailable, "No connection established");
    expect(await rejection(given(client))).toBe(error);
    const gone = refusing(codes.notFound, "workflow execution already completed");
    expect(await rejection(given(gone.client))).toBeInstanceOf(ActivityNotFoundError);
  });
});
