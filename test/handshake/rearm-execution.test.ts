import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { cloneExecution } from "../../src/clone-execution.js";
import type { Execution } from "../../src/execution.js";
import { type ExecutionReader, rearmExecution } from "../../src/handshake/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import { type CallbackToken, clearCallbackToken, getCallbackToken } from "../../src/token/index.js";
import {
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  EXECUTION_IN_PROGRESS,
  EXECUTION_PENDING,
  end,
  endings,
  inMemory,
  kinds,
  newToken,
  present,
  refusal,
  rejection,
} from "../testing/fixtures.js";

const { FailedPrecondition, InvalidArgument, NotFound, Unavailable } = Code;

describe.each(kinds)("re-arming a $name", (kind) => {
  const id = `${kind.idPrefix}-of-run-1-activity-1`;

  /** A stored execution with a token, and the request that created it, without one. */
  async function connect(parent?: string) {
    const { transport } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    const token = newToken();
    const created = await client.create(kind.valid({ id, token, ...(parent && { parent }) }));
    return { client, created, request: kind.valid({ id }) };
  }

  it("replaces the token and does not change the request", async () => {
    const { client, request } = await connect();
    const before = cloneExecution(request);
    for (const phase of [EXECUTION_PENDING, EXECUTION_IN_PROGRESS]) {
      await client.updateStatus(id, { phase });
      const token = newToken();
      const rearmed = await rearmExecution(request, token, client, client);
      expect(getCallbackToken(rearmed)).toEqual(token);
      expect(rearmed.status?.phase).toBe(phase);
      expect(await client.get({ value: id })).toEqual(rearmed);
    }
    expect(request).toEqual(before);
  });

  it.each(endings)("gives the execution instead when it has $outcome", async ({ phase }) => {
    const { client, request } = await connect();
    const before = cloneExecution(request);
    const ended = await end(client, id, phase, "why");
    expect(await rearmExecution(request, newToken(), client, client)).toEqual(ended);
    expect(await client.get({ value: id })).toEqual(ended);
    expect(request).toEqual(before);
  });

  it("is refused when somebody else has asked for the execution, by another spec", async () => {
    const { client, created, request } = await connect("other");
    await refusal(rearmExecution(request, newToken(), client, client), FailedPrecondition);
    expect(await client.get({ value: id })).toEqual(created);
  });

  it.each(endings)("gives nobody else's result: $outcome", async ({ phase }) => {
    const { client, request } = await connect("other");
    await end(client, id, phase);
    await refusal(rearmExecution(request, newToken(), client, client), FailedPrecondition);
  });

  it("gives no result of another organization", async () => {
    const { client, request } = await connect();
    await end(client, id, EXECUTION_COMPLETED);
    present(request.metadata).org = "another";
    await refusal(rearmExecution(request, newToken(), client, client), FailedPrecondition);
  });

  it("gives its result also to a reader from whom token and secrets are withheld", async () => {
    const { client, request } = await connect();
    const ended = await end(client, id, EXECUTION_FAILED);
    const reader: ExecutionReader<Execution> = {
      async get(read) {
        const execution = await client.get(read);
        clearCallbackToken(execution);
        for (const entry of Object.values(present(execution.spec).runtimeEnv)) entry.value = "";
        return execution;
      },
    };
    const { status } = await rearmExecution(request, newToken(), client, reader);
    expect(status).toEqual(ended.status);
  });

  it("needs an execution to be there", async () => {
    const { client } = await connect();
    const missing = kind.valid({ id: `${kind.idPrefix}-missing` });
    await refusal(rearmExecution(missing, newToken(), client, client), NotFound);
    await refusal(rearmExecution(kind.valid(), newToken(), client, client), InvalidArgument);
  });

  it("passes on that the service cannot be reached, for a write or a read", async () => {
    const { client, request } = await connect();
    const unavailable = async (): Promise<never> => {
      throw new ConnectError("connection lost", Unavailable);
    };
    const noWriter = { create: unavailable, update: unavailable };
    await refusal(rearmExecution(request, newToken(), noWriter, client), Unavailable);
    await end(client, id, EXECUTION_FAILED);
    await refusal(rearmExecution(request, newToken(), noWriter, client), Unavailable);
    const noReader = { get: unavailable };
    await refusal(rearmExecution(request, newToken(), client, noReader), Unavailable);
  });

  it("is refused for bytes that cannot be a token", async () => {
    const { client, created, request } = await connect();
    for (const [bytes, code] of [
      [new Uint8Array(), "empty"],
      [new Uint8Array(8193), "too-long"],
    ] as const) {
      const error = await rejection(
        rearmExecution(request, bytes as CallbackToken, client, client),
      );
      expect(error).toMatchObject({ name: "CallbackTokenError", code });
    }
    expect(await client.get({ value: id })).toEqual(created);
  });
});
