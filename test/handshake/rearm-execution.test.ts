import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { copyOf } from "../../src/execution/copy-of.js";
import type { Execution } from "../../src/execution/execution.js";
import { ExecutionValueSchema } from "../../src/executioncontext/v1.js";
import { type ExecutionQueries, rearmExecution } from "../../src/handshake/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import {
  type CallbackToken,
  clearCallbackToken,
  getCallbackToken,
  setCallbackToken,
} from "../../src/token/index.js";
import {
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  EXECUTION_IN_PROGRESS,
  EXECUTION_PENDING,
  end,
  endings,
  handshakeRefusal,
  inMemory,
  kinds,
  newToken,
  present,
  refusal,
  rejection,
} from "../testing/fixtures.js";

const { InvalidArgument, NotFound, Unavailable } = Code;

/** A reader from whom token and secrets are withheld. */
function withholding(reader: ExecutionQueries<Execution>): ExecutionQueries<Execution> {
  return {
    async get(request) {
      const execution = copyOf(await reader.get(request));
      clearCallbackToken(execution);
      for (const entry of Object.values(present(execution.spec).runtimeEnv)) entry.value = "";
      return execution;
    },
  };
}

/** A service that replaces whatever it has by whatever comes. */
function lenient(first: Execution, written: Execution[]) {
  let stored = first;
  return {
    get: async () => copyOf(stored),
    create: async (): Promise<never> => {
      throw new Error("not expected to create");
    },
    update: async (next: Execution) => {
      written.push(next);
      stored = copyOf(next);
      return stored;
    },
  };
}

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
    const before = copyOf(request);
    for (const phase of [EXECUTION_PENDING, EXECUTION_IN_PROGRESS]) {
      await client.updateStatus(id, { phase });
      const token = newToken();
      const rearmed = await rearmExecution(request, token, { commands: client, queries: client });
      expect(getCallbackToken(rearmed)).toEqual(token);
      expect(rearmed.status?.phase).toBe(phase);
      expect(await client.get({ value: id })).toEqual(rearmed);
    }
    expect(request).toEqual(before);
  });

  it.each(endings)("gives the execution instead when it has $outcome", async ({ phase }) => {
    const { client, request } = await connect();
    const before = copyOf(request);
    const ended = await end(client, id, phase, "why");
    expect(
      await rearmExecution(request, newToken(), { commands: client, queries: client }),
    ).toEqual(ended);
    expect(await client.get({ value: id })).toEqual(ended);
    expect(request).toEqual(before);
  });

  it("is refused when somebody else has asked for the execution, by another spec", async () => {
    const { client, created, request } = await connect("other");
    await handshakeRefusal(
      rearmExecution(request, newToken(), { commands: client, queries: client }),
      "id-taken",
    );
    expect(await client.get({ value: id })).toEqual(created);
  });

  it.each(endings)("gives nobody else's result: $outcome", async ({ phase }) => {
    const { client, request } = await connect("other");
    await end(client, id, phase);
    await handshakeRefusal(
      rearmExecution(request, newToken(), { commands: client, queries: client }),
      "id-taken",
    );
  });

  it("gives no result of another organization", async () => {
    const { client, request } = await connect();
    await end(client, id, EXECUTION_COMPLETED);
    present(request.metadata).org = "another";
    await handshakeRefusal(
      rearmExecution(request, newToken(), { commands: client, queries: client }),
      "id-taken",
    );
  });

  it("gives its result also to a reader from whom token and secrets are withheld", async () => {
    const { client, request } = await connect();
    const ended = await end(client, id, EXECUTION_FAILED);
    const { status } = await rearmExecution(request, newToken(), {
      commands: client,
      queries: withholding(client),
    });
    expect(status).toEqual(ended.status);
  });

  it("needs an execution to be there", async () => {
    const { client } = await connect();
    const missing = kind.valid({ id: `${kind.idPrefix}-missing` });
    await refusal(
      rearmExecution(missing, newToken(), { commands: client, queries: client }),
      NotFound,
    );
    await refusal(
      rearmExecution(kind.valid(), newToken(), { commands: client, queries: client }),
      InvalidArgument,
    );
  });

  it("passes on that the service cannot be reached, for a write or a read", async () => {
    const { client, request } = await connect();
    const unavailable = async (): Promise<never> => {
      throw new ConnectError("connection lost", Unavailable);
    };
    const noWriter = { create: unavailable, update: unavailable };
    await refusal(
      rearmExecution(request, newToken(), { commands: noWriter, queries: client }),
      Unavailable,
    );
    const noReader: ExecutionQueries<Execution> = { get: unavailable };
    await refusal(
      rearmExecution(request, newToken(), { commands: client, queries: noReader }),
      Unavailable,
    );
  });

  it("takes back nothing that the service has resolved and others have added since", async () => {
    const { client, created, request } = await connect();
    const edited = copyOf(created);
    present(edited.metadata).labels.team = "night";
    present(edited.metadata).annotations.note = "watched";
    present(edited.metadata).tags.push("urgent");
    const stored = await client.update(edited);
    const token = newToken();
    const rearmed = await rearmExecution(request, token, { commands: client, queries: client });
    expect(getCallbackToken(rearmed)).toEqual(token);
    expect(rearmed.metadata).toEqual(stored.metadata);
  });

  it("takes what the service has resolved in the spec for no difference", async () => {
    const { created, request } = await connect();
    const resolved = copyOf(created);
    if (present(resolved.spec).$typeName.includes("workflow")) {
      Object.assign(present(resolved.spec), { workflowInstanceId: "wfi-1" });
    } else {
      Object.assign(present(resolved.spec), { agentId: "agt-resolved" });
    }
    Object.assign(present(resolved.spec).runtimeEnv, {
      REGION: create(ExecutionValueSchema, { value: "eu" }),
    });
    const written: Execution[] = [];
    const token = newToken();
    const service = lenient(resolved, written);
    const rearmed = await rearmExecution(request, token, { commands: service, queries: service });
    setCallbackToken(resolved, token);
    expect(rearmed.spec).toEqual(resolved.spec);
    expect(written).toHaveLength(1);
  });

  it("takes a secret that was rotated since for no difference, and does not need to know the old one", async () => {
    const { client, request } = await connect();
    for (const entry of Object.values(present(request.spec).runtimeEnv)) entry.value = "rotated";
    const before = await client.get({ value: id });
    const reader = withholding(client);
    const token = newToken();
    await rearmExecution(request, token, { commands: client, queries: reader });
    const after = await client.get({ value: id });
    expect(getCallbackToken(after)).toEqual(token);
    expect(present(after.spec).runtimeEnv).toEqual(present(before.spec).runtimeEnv);
  });

  it("gives a service that takes every spec as it comes no secret that is empty", async () => {
    const { created, request } = await connect();
    const written: Execution[] = [];
    const service = lenient(created, written);
    await rearmExecution(request, newToken(), { commands: service, queries: withholding(service) });
    expect(present(written[0]?.spec).runtimeEnv).toEqual(present(created.spec).runtimeEnv);
  });

  it("arms again when a write of somebody else has put a dead token back", async () => {
    const { created, request } = await connect();
    const written: Execution[] = [];
    const service = lenient(created, written);
    let stale = 2;
    const contended = {
      ...service,
      async update(next: Execution) {
        const answer = await service.update(next);
        if (stale-- > 0) await service.update(created);
        return answer;
      },
    };
    const token = newToken();
    const rearmed = await rearmExecution(request, token, { commands: contended, queries: service });
    expect(getCallbackToken(rearmed)).toEqual(token);
    expect(written).toHaveLength(5);
  });

  it("gives up on an execution whose token is replaced after every write", async () => {
    const { created, request } = await connect();
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const service = lenient(created, []);
    const contended = {
      ...service,
      async update(next: Execution) {
        await service.update(next);
        return service.update(created);
      },
    };
    const rearming = rearmExecution(request, newToken(), { commands: contended, queries: service });
    rearming.catch(() => {});
    await vi.runAllTimersAsync();
    await handshakeRefusal(rearming, "contended");
  });

  it("is refused for bytes that cannot be a token", async () => {
    const { client, created, request } = await connect();
    for (const [bytes, code] of [
      [new Uint8Array(), "empty"],
      [new Uint8Array(8193), "too-long"],
    ] as const) {
      const error = await rejection(
        rearmExecution(request, bytes as CallbackToken, { commands: client, queries: client }),
      );
      expect(error).toMatchObject({ name: "CallbackTokenError", code });
    }
    expect(await client.get({ value: id })).toEqual(created);
  });
});
