import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import type { Execution } from "../../src/execution/execution.js";
import { createOrFind } from "../../src/handshake/create-or-find.js";
import { createExecutionService } from "../../src/testing/index.js";
import {
  handshakeRefusal,
  idOf,
  inMemory,
  kinds,
  newToken,
  present,
  refusal,
  rejection,
} from "../testing/fixtures.js";

describe.each(kinds)("a $name that is created or found", (kind) => {
  const id = `${kind.idPrefix}-1`;

  /** The service, the calls that reach it, and what becomes of a `create`. */
  async function connect(onCreate?: (create: () => Promise<Execution>) => Promise<Execution>) {
    const { transport } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    const calls: string[] = [];
    const reader = {
      get: (request: { value: string }) => {
        calls.push("get");
        return client.get(request);
      },
    };
    const writer = {
      update: async (): Promise<never> => expect.fail("expected no update"),
      create: (request: Execution) => {
        calls.push("create");
        const create = () => client.create(request);
        return onCreate ? onCreate(create) : create();
      },
    };
    return { client, calls, reader, writer };
  }
  const failing = (error: unknown) => async (): Promise<never> => {
    throw error;
  };
  const afterwards = (error: unknown) => async (create: () => Promise<Execution>) => {
    await create();
    throw error;
  };
  const lost = new ConnectError("connection lost", Code.Unavailable);
  const other = () => {
    const execution = kind.valid({ id });
    present(execution.metadata).org = "another";
    return execution;
  };

  it("is read before it is created", async () => {
    const { client, calls, reader, writer } = await connect();
    const { execution, isNew } = await createOrFind(kind.valid({ id }), {
      commands: writer,
      queries: reader,
    });
    expect(isNew).toBe(true);
    expect(calls).toEqual(["get", "create"]);
    expect(await client.get({ value: id })).toEqual(execution);
  });

  it("is not created over one that is there", async () => {
    const { client, calls, reader, writer } = await connect();
    const first = await client.create(kind.valid({ id, token: newToken() }));
    const found = await createOrFind(kind.valid({ id }), { commands: writer, queries: reader });
    expect(found).toEqual({ execution: first, isNew: false });
    expect(calls).toEqual(["get"]);
  });

  it("is refused when another request has asked for the one that is there", async () => {
    const { client, calls, reader, writer } = await connect();
    await client.create(other());
    const error = await handshakeRefusal(
      createOrFind(kind.valid({ id }), { commands: writer, queries: reader }),
      "id-taken",
    );
    expect(error.message).toContain(id);
    expect(calls).toEqual(["get"]);
  });

  it("is not created while nobody can tell whether it is there", async () => {
    const { calls, writer } = await connect();
    for (const code of [Code.Unavailable, Code.PermissionDenied]) {
      const reader = { get: failing(new ConnectError("no answer", code)) };
      await refusal(createOrFind(kind.valid({ id }), { commands: writer, queries: reader }), code);
    }
    expect(calls).toEqual([]);
  });

  it("is not looked for again when the service has refused it", async () => {
    const { calls, reader, writer } = await connect();
    const invalid = kind.valid({ id });
    invalid.kind = "Pod";
    await refusal(
      createOrFind(invalid, { commands: writer, queries: reader }),
      Code.InvalidArgument,
    );
    expect(calls).toEqual(["get", "create"]);
  });

  it.each([
    ["the connection was lost", lost],
    ["the time was up", new ConnectError("late", Code.DeadlineExceeded)],
    ["the error has no code", new TypeError("fetch failed")],
    ["the call was tried again", new ConnectError(`${id} exists already`, Code.AlreadyExists)],
    ["it is a duplicate of itself", new ConnectError("slug 'x' already exists", Code.Unknown)],
  ])("is found after an error that hides a success: %s", async (_, error) => {
    const { client, calls, reader, writer } = await connect(afterwards(error));
    const { execution, isNew } = await createOrFind(kind.valid({ id }), {
      commands: writer,
      queries: reader,
    });
    expect(isNew).toBe(false);
    expect(execution).toEqual(await client.get({ value: id }));
    expect(calls).toEqual(["get", "create", "get"]);
  });

  it("is refused when somebody else was faster", async () => {
    const { client, reader, writer } = await connect(async () => {
      await client.create(other());
      throw new ConnectError(`${id} exists already`, Code.AlreadyExists);
    });
    await handshakeRefusal(
      createOrFind(kind.valid({ id }), { commands: writer, queries: reader }),
      "id-taken",
    );
  });

  it("is not there after an error that hides nothing, which is passed on", async () => {
    const { reader, writer } = await connect(failing(lost));
    expect(
      await rejection(createOrFind(kind.valid({ id }), { commands: writer, queries: reader })),
    ).toBe(lost);
  });

  it("fails as its creation did when the service is away afterwards, too", async () => {
    const { calls, reader, writer } = await connect(failing(lost));
    const away = {
      get: (request: { value: string }) =>
        calls.includes("create") ? failing(new Error("away"))() : reader.get(request),
    };
    expect(
      await rejection(createOrFind(kind.valid({ id }), { commands: writer, queries: away })),
    ).toBe(lost);
  });

  it.each([
    ["of an id", new ConnectError(`${id} exists already`, Code.AlreadyExists)],
    ["of a name", new ConnectError("slug 'x' already exists", Code.Unknown)],
  ])("fails as the read does that was to tell whose duplicate it is: %s", async (_, duplicate) => {
    const { calls, reader, writer } = await connect(afterwards(duplicate));
    const away = {
      get: (request: { value: string }) =>
        calls.includes("create") ? failing(lost)() : reader.get(request),
    };
    const request = kind.valid({ id });
    expect(await rejection(createOrFind(request, { commands: writer, queries: away }))).toBe(lost);
    // The next attempt finds it.
    const { isNew } = await createOrFind(request, { commands: writer, queries: reader });
    expect(isNew).toBe(false);
  });

  it("is refused as a duplicate of one with another id, and says what the service says", async () => {
    const text = "WorkflowExecution with slug 'nightly-report' already exists (id: wex-9)";
    const duplicate = new ConnectError(text, Code.Unknown);
    const { reader, writer } = await connect(failing(duplicate));
    const error = await handshakeRefusal(
      createOrFind(kind.valid({ id }), { commands: writer, queries: reader }),
      "id-taken",
    );
    expect(error.message).toContain(text);
    expect(error.message).toContain(id);
    expect(error.cause).toBe(duplicate);
  });

  it("is found under another id, when it is not there under its own", async () => {
    const { client, calls, reader, writer } = await connect();
    const elsewhere = await client.create(kind.valid());
    const find = async () => elsewhere;
    expect(
      await createOrFind(kind.valid({ id }), { commands: writer, queries: reader }, find),
    ).toEqual({
      execution: elsewhere,
      isNew: false,
    });
    expect(calls).toEqual(["get"]);
  });

  it("is found under another id after an error, too", async () => {
    let elsewhere: Execution | undefined;
    const { client, reader, writer } = await connect(async () => {
      elsewhere = await client.create(kind.valid());
      throw lost;
    });
    const { execution } = await createOrFind(
      kind.valid({ id }),
      { commands: writer, queries: reader },
      async () => elsewhere,
    );
    expect(idOf(execution)).toBe(idOf(present(elsewhere)));
  });

  it("is not looked for under another id when it is there under its own", async () => {
    const { client, reader, writer } = await connect();
    await client.create(kind.valid({ id }));
    const find = async () => expect.fail("expected no search");
    expect(
      (await createOrFind(kind.valid({ id }), { commands: writer, queries: reader }, find)).isNew,
    ).toBe(false);
  });
});
