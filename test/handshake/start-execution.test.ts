import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { copyOf } from "../../src/execution/copy-of.js";
import type { Execution } from "../../src/execution/execution.js";
import { type ExecutionCommands, startExecution } from "../../src/handshake/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import { type CallbackToken, getCallbackToken } from "../../src/token/index.js";
import {
  EXECUTION_COMPLETED,
  EXECUTION_IN_PROGRESS,
  end,
  handshakeRefusal,
  idOf,
  inMemory,
  kinds,
  newToken,
  refusal,
  rejection,
} from "../testing/fixtures.js";

const { FailedPrecondition, NotFound, Unavailable } = Code;

describe.each(kinds)("a caller of a $name", (kind) => {
  const id = `${kind.idPrefix}-of-run-1-activity-1`;

  async function connect() {
    const { transport } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    return { client, stored: () => client.get({ value: id }) };
  }

  /** A writer that loses the request to create, or the answer to it. */
  function losing(
    what: "request" | "answer",
    writer: ExecutionCommands<Execution>,
  ): ExecutionCommands<Execution> {
    return {
      update: writer.update,
      create: async (request) => {
        if (what === "answer") await writer.create(request);
        throw new ConnectError("connection lost", Unavailable);
      },
    };
  }

  it("is refused without an id, under which a retried one would find the execution", async () => {
    const { client } = await connect();
    const start = startExecution(kind.valid({ id: "" }), newToken(), {
      commands: client,
      queries: client,
    });
    await handshakeRefusal(start, "wrong-id");
  });

  it("creates the execution with its token and does not change its request", async () => {
    const { client, stored } = await connect();
    const request = kind.valid({ id });
    const before = copyOf(request);
    const token = newToken();
    const created = await startExecution(request, token, { commands: client, queries: client });
    expect(getCallbackToken(created)).toEqual(token);
    expect(await stored()).toEqual(created);
    expect(request).toEqual(before);
  });

  it("that is retried re-arms the one that it has created, and finds it ended at last", async () => {
    const { client, stored } = await connect();
    const request = kind.valid({ id });
    const before = copyOf(request);
    await startExecution(request, newToken(), { commands: client, queries: client });
    await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });

    const second = newToken();
    const rearmed = await startExecution(request, second, { commands: client, queries: client });
    expect(rearmed.status?.phase).toBe(EXECUTION_IN_PROGRESS);
    expect(getCallbackToken(await stored())).toEqual(second);
    expect((await client.list({})).entries.map(idOf)).toEqual([id]);

    const ended = await end(client, id, EXECUTION_COMPLETED);
    expect(
      await startExecution(request, newToken(), { commands: client, queries: client }),
    ).toEqual(ended);
    expect(await stored()).toEqual(ended);
    expect(request).toEqual(before);
  });

  it("may try again when the request was lost", async () => {
    const { client, stored } = await connect();
    const request = kind.valid({ id });
    const lossy = losing("request", client);
    await refusal(
      startExecution(request, newToken(), { commands: lossy, queries: client }),
      Unavailable,
    );
    expect((await client.list({})).entries).toHaveLength(0);
    const token = newToken();
    await startExecution(request, token, { commands: client, queries: client });
    expect(getCallbackToken(await stored())).toEqual(token);
  });

  it("finds what it has created when the answer was lost", async () => {
    const { client, stored } = await connect();
    const token = newToken();
    await startExecution(kind.valid({ id }), token, {
      commands: losing("answer", client),
      queries: client,
    });
    expect(getCallbackToken(await stored())).toEqual(token);
    expect((await client.list({})).entries.map(idOf)).toEqual([id]);
  });

  it("creates nothing over an execution that is there", async () => {
    const { client, stored } = await connect();
    await startExecution(kind.valid({ id }), newToken(), { commands: client, queries: client });
    const overwriting: ExecutionCommands<Execution> = {
      update: client.update,
      create: async () => {
        throw new Error("not expected to create");
      },
    };
    const token = newToken();
    await startExecution(kind.valid({ id }), token, { commands: overwriting, queries: client });
    expect(getCallbackToken(await stored())).toEqual(token);
  });

  it.each([
    [Code.AlreadyExists, "already exists"],
    [Code.Unknown, "WorkflowExecution with slug 'nightly-report' already exists (id: wex-other)"],
  ])(
    "is told when the service takes it for a duplicate of another, by code %i",
    async (code, text) => {
      const { client } = await connect();
      const refusing: ExecutionCommands<Execution> = {
        update: client.update,
        create: async () => {
          throw new ConnectError(text, code);
        },
      };
      const start = startExecution(kind.valid({ id }), newToken(), {
        commands: refusing,
        queries: client,
      });
      const error = await handshakeRefusal(start, "id-taken");
      expect(String(error)).toContain(text);
    },
  );

  it("does not take over an execution with another spec under its id", async () => {
    const { client, stored } = await connect();
    const theirs = await client.create(kind.valid({ id, parent: "other", token: newToken() }));
    const request = kind.valid({ id });
    await handshakeRefusal(
      startExecution(request, newToken(), { commands: client, queries: client }),
      "id-taken",
    );
    expect(await stored()).toEqual(theirs);
  });

  it("does not arm an execution that was created without a token", async () => {
    const { client } = await connect();
    await client.create(kind.valid({ id }));
    const request = kind.valid({ id });
    await refusal(
      startExecution(request, newToken(), { commands: client, queries: client }),
      FailedPrecondition,
    );
  });

  it("is told that bytes cannot be a token before anything is sent", async () => {
    const { client } = await connect();
    const request = kind.valid({ id });
    const empty = new Uint8Array() as CallbackToken;
    const error = await rejection(
      startExecution(request, empty, { commands: client, queries: client }),
    );
    expect(error).toMatchObject({ name: "CallbackTokenError", code: "empty" });
    await refusal(client.get({ value: id }), NotFound);
  });
});
