import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { type CallbackToken, callbackToken } from "@stigmer/apis";
import type { ActivityCompleter } from "@stigmer/apis/handshake";
import { type TemporalCompleterOptions, temporalCompleter } from "@stigmer/apis/temporal";
import {
  ExecutionPhase,
  WorkflowExecutionSchema,
  WorkflowExecutionStatusSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { activityInfo, CompleteAsyncError } from "@temporalio/activity";
import { Client, Connection, type WorkflowHandle } from "@temporalio/client";
import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  CancelledFailure,
  type Payload,
} from "@temporalio/common";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSecrets } from "../../find-secrets.js";
import { quietRuntime } from "../quiet-runtime.js";
import {
  startTemporalServer,
  type TemporalServer,
  temporalAvailable,
  temporalRestartable,
} from "../server.js";
import { payloadConverterPath, until } from "../world/world.js";

const dataConverter = { payloadConverterPath };
const taskQueue = `completer-${randomUUID()}`;
const completed = create(WorkflowExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_COMPLETED,
  output: { reservationId: "res-1" },
});
const failed = create(WorkflowExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_FAILED,
  error: "out of stock",
});
const cancelled = create(WorkflowExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_CANCELLED,
});

interface Attempt {
  readonly token: CallbackToken;
  readonly heartbeatDetails: unknown;
}

describe.skipIf(!temporalAvailable())("temporalCompleter", () => {
  let server: TemporalServer;
  let native: NativeConnection;
  let connection: Connection;
  let client: Client;
  let completer: ActivityCompleter;
  let worker: Worker;
  let running: Promise<void>;
  const attempts = new Map<string, Attempt[]>();

  beforeAll(async () => {
    quietRuntime();
    server = await startTemporalServer();
    native = await NativeConnection.connect({ address: server.address });
    connection = await Connection.connect({ address: server.address });
    client = new Client({ connection, dataConverter });
    completer = temporalCompleter(client);
    worker = await Worker.create({
      connection: native,
      taskQueue,
      dataConverter,
      workflowsPath: fileURLToPath(new URL("waiting.workflow.js", import.meta.url)),
      activities: {
        async wait(key: string) {
          const { taskToken, heartbeatDetails } = activityInfo();
          const attempt = { token: callbackToken(taskToken), heartbeatDetails };
          attempts.set(key, [...(attempts.get(key) ?? []), attempt]);
          throw new CompleteAsyncError();
        },
      },
    });
    running = worker.run();
  });

  afterAll(async () => {
    if (worker) worker.shutdown();
    await running;
    await connection?.close();
    await native?.close();
    await server?.stop();
  });

  /** A workflow with one activity that waits; resolves when it does. */
  async function waiting(options?: ActivityOptions) {
    const key = randomUUID();
    const handle = await client.workflow.start("waiting", {
      taskQueue,
      workflowId: key,
      args: [key, options],
    });
    return { handle, token: await tokenOf(key, 1), key };
  }

  async function tokenOf(key: string, attempt: number): Promise<CallbackToken> {
    await until(`attempt ${attempt}`, () => (attempts.get(key)?.length ?? 0) >= attempt);
    return attempts.get(key)?.[attempt - 1]?.token as CallbackToken;
  }

  async function failureOf(handle: WorkflowHandle): Promise<unknown> {
    const error = await handle.result().then(
      () => undefined,
      (error: Error) => error.cause,
    );
    return error instanceof ActivityFailure ? error.cause : error;
  }

  it("completes the activity with the status", async () => {
    const { handle, token } = await waiting();
    expect(await completer.complete(token, completed)).toBe("settled");
    expect(await handle.result()).toEqual(completed);
  });

  it("fails the activity for good, with the status as its detail", async () => {
    const { handle, token, key } = await waiting();
    expect(await completer.fail(token, { message: "out of stock", status: failed })).toBe(
      "settled",
    );
    const failure = (await failureOf(handle)) as ApplicationFailure;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: "ExecutionFailed",
      message: "out of stock",
      nonRetryable: true,
      details: [{ ...failed, error: "" }],
    });
    expect(attempts.get(key)).toHaveLength(1);
  });

  it("finds nobody for what has been completed, failed, terminated or retried", async () => {
    const done = await waiting();
    await completer.complete(done.token, completed);
    const terminated = await waiting();
    await terminated.handle.terminate();
    const retried = await waiting({ heartbeatTimeout: "1s" });
    const second = await tokenOf(retried.key, 2);
    for (const { token } of [done, terminated, retried]) {
      expect(await completer.complete(token, completed)).toBe("not-found");
      expect(await completer.fail(token, { message: "", status: failed })).toBe("not-found");
      expect(await completer.reportCancellation(token, cancelled)).toBe("not-found");
      expect(await completer.heartbeat(token)).toBe("not-found");
    }
    expect(await completer.complete(second, completed)).toBe("settled");
    expect(await retried.handle.result()).toEqual(completed);
  });

  it("reports the cancellation that the caller has asked for", async () => {
    const { handle, token } = await waiting({ cancellationType: "WAIT_CANCELLATION_COMPLETED" });
    expect(await completer.heartbeat(token)).toBe("recorded");
    await handle.cancel();
    await until("told", async () => (await completer.heartbeat(token)) === "cancel-requested");
    expect(await completer.reportCancellation(token, cancelled)).toBe("settled");
    expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
  });

  it("fails the activity for good when nobody has asked for the cancellation", async () => {
    const { handle, token, key } = await waiting();
    const status = { ...cancelled, error: "stopped by hand" };
    expect(await completer.reportCancellation(token, status)).toBe("settled");
    const failure = (await failureOf(handle)) as ApplicationFailure;
    expect(failure).toMatchObject({
      type: "ExecutionCancelled",
      message: "stopped by hand",
      details: [cancelled],
    });
    expect(attempts.get(key)).toHaveLength(1);
  });

  it("keeps the details of a heartbeat for the next attempt", async () => {
    const { token, key } = await waiting({ heartbeatTimeout: "1s" });
    expect(await completer.heartbeat(token, { executionId: "wex-1" })).toBe("recorded");
    const second = await tokenOf(key, 2);
    expect(attempts.get(key)?.[1]?.heartbeatDetails).toEqual({ executionId: "wex-1" });
    await completer.complete(second, completed);
  });

  const garbage = callbackToken(new TextEncoder().encode("open sesame, which is no task token"));
  it.each(["the SDK's gRPC connection", "a worker's native connection"])(
    "refuses bytes that are no token over %s, and does not show them",
    async (over) => {
      const asked =
        over === "the SDK's gRPC connection"
          ? completer
          : temporalCompleter(new Client({ connection: native, dataConverter }));
      for (const call of [
        () => asked.complete(garbage, completed),
        () => asked.fail(garbage, { message: "", status: failed }),
        () => asked.reportCancellation(garbage, cancelled),
        () => asked.heartbeat(garbage),
      ]) {
        const error = await call().catch((error: unknown) => error);
        expect(error).toMatchObject({ name: "HandshakeError", code: "invalid-token" });
        expect(findSecrets(`${(error as Error).stack}`, [garbage])).toEqual([]);
      }
    },
  );

  it("shows no part of a token that another server or namespace has made, or of a half one", async () => {
    const { handle, token } = await waiting();
    const text = Buffer.from(token).toString("latin1");
    const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
    const [namespaceId = "", workflowId, runId = ""] = text.match(uuid) ?? [];
    expect(workflowId).toBe(handle.workflowId);
    const withId = (id: string, other: string) =>
      callbackToken(Buffer.from(text.replace(id, other), "latin1"));
    const tokens = [
      withId(namespaceId, randomUUID()),
      withId(namespaceId, "x".repeat(namespaceId.length)),
      withId(runId, "x".repeat(runId.length)),
      ...[10, 38, 39, 80, token.length / 2, token.length - 1].map((end) =>
        callbackToken(token.slice(0, end)),
      ),
    ];
    const texts: string[] = [];
    for (const bad of tokens) {
      for (const call of [
        () => completer.complete(bad, completed),
        () => completer.fail(bad, { message: "", status: failed }),
        () => completer.reportCancellation(bad, cancelled),
        () => completer.heartbeat(bad),
      ]) {
        const error = await call().catch((error: unknown) => error);
        expect(error).toMatchObject({
          name: "HandshakeError",
          code: expect.stringMatching(/^(invalid-token|unavailable)$/),
        });
        const { message } = error as Error;
        texts.push(message);
        expect(findSecrets(`${(error as Error).stack}`, [bad])).toEqual([]);
      }
    }
    expect(texts).toContain("Temporal could not be asked: Namespace not found: '…'");
    await completer.complete(token, completed);
  });

  it("finds the activity over a worker's native connection", async () => {
    const native2 = temporalCompleter(new Client({ connection: native, dataConverter }));
    const { handle, token } = await waiting();
    expect(await native2.complete(token, completed)).toBe("settled");
    expect(await native2.complete(token, completed)).toBe("not-found");
    expect(await handle.result()).toEqual(completed);
  });

  it("does not take an unknown namespace for an activity that is gone", async () => {
    const namespace = "no-such-namespace";
    const elsewhere = temporalCompleter(new Client({ connection, namespace, dataConverter }));
    const { handle, token } = await waiting();
    await expect(elsewhere.complete(token, completed)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(namespace),
    });
    await completer.complete(token, completed);
    expect(await handle.result()).toEqual(completed);
  });

  it("says that a server which does not answer is unavailable", async () => {
    const nowhere = Connection.lazy({ address: "127.0.0.1:1" });
    const asked = temporalCompleter(new Client({ connection: nowhere, dataConverter }));
    await expect(asked.complete(garbage, completed)).rejects.toMatchObject({
      name: "HandshakeError",
      code: "unavailable",
    });
  });

  it.skipIf(!temporalRestartable())("tries again until a server is back", async () => {
    const { handle, token } = await waiting();
    await server.kill();
    const report = completer.complete(token, completed);
    await server.start();
    expect(await report).toBe("settled");
    expect(await handle.result()).toEqual(completed);
  });

  it("asks for a client that can encode a status", () => {
    expect(() => temporalCompleter(new Client({ connection }))).toThrow(
      /^client: expected a dataConverter that encodes messages/,
    );
  });
});

describe("temporalCompleter of a server with a lower limit than it knows", () => {
  /** What such a server is asked to complete an activity with. */
  async function sent(options: TemporalCompleterOptions): Promise<unknown[]> {
    const results: unknown[] = [];
    const respondActivityTaskCompleted = async (call: { result: { payloads: Payload[] } }) => {
      const { payloadConverter } = client.options.loadedDataConverter;
      const [payload] = call.result.payloads;
      results.push(payload && payloadConverter.fromPayload(payload));
      if (results.length > 1) return;
      const details = "grpc: received message larger than max";
      throw Object.assign(new Error(details), { code: 8, details, metadata: {} });
    };
    const connection = { workflowService: { respondActivityTaskCompleted }, plugins: [] };
    const client = new Client({ connection: connection as never, dataConverter });
    const execution = create(WorkflowExecutionSchema, { spec: { workflowId: "wfl-1" } });
    const token = callbackToken(Uint8Array.of(1));
    const completer = temporalCompleter(client, options);
    expect(await completer.complete(token, completed, async () => execution)).toBe("settled");
    return results;
  }

  const { phase } = completed;
  const mark = { statusAudit: { event: "cut to fit: all but the phase and the error" } };

  it("gives a caller that waits for the status at least the phase", async () => {
    const [whole, least] = await sent({ result: "status" });
    expect(whole).toEqual(completed);
    expect(least).toMatchObject({ $typeName: completed.$typeName, phase, audit: mark });
  });

  it("gives a caller that waits for JSON at least the phase", async () => {
    const [, least] = await sent({ result: "json" });
    expect(least).toEqual({ phase: "EXECUTION_COMPLETED", audit: mark });
  });

  it("gives a caller that waits for the execution at least the phase, in an execution", async () => {
    const [whole, least] = await sent({ result: "execution" });
    expect(whole).toMatchObject({ spec: { workflowId: "wfl-1" }, status: { phase } });
    expect(least).toMatchObject({
      $typeName: WorkflowExecutionSchema.typeName,
      status: { phase, audit: mark },
    });
    expect(least).not.toHaveProperty("spec");
  });
});
