import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { guardedServer } from "../../src/connect/index.js";
import { copyOf } from "../../src/execution/copy-of.js";
import type { Execution } from "../../src/execution/execution.js";
import {
  type ActivityCompleter,
  type ExecutionQueries,
  HandshakeError,
  reportOutcome,
} from "../../src/handshake/index.js";
import { createActivityEngine, createExecutionService } from "../../src/testing/index.js";
import { clearCallbackToken, getCallbackToken, setCallbackToken } from "../../src/token/index.js";
import { as, connections } from "../connect/connections.js";
import {
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  EXECUTION_IN_PROGRESS,
  type ExecutionClient,
  end,
  endings,
  handshakeRefusal,
  idOf,
  inMemory,
  kinds,
  newToken,
  present,
  startWaiting,
} from "../testing/fixtures.js";

describe.each(kinds)("the outcome of a $name", (kind) => {
  /** A waiting activity, and an execution that carries its token. */
  async function connect() {
    const engine = createActivityEngine();
    const { transport } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    const activity = await startWaiting(engine);
    const execution = await client.create(kind.valid({ token: activity.token() }));
    const id = idOf(execution);
    const rearm = async () => {
      setCallbackToken(execution, await activity.retry());
      return client.update(execution);
    };
    return { engine, client, execution, id, ...activity, rearm };
  }

  it.each(endings)("reaches the waiting activity: $outcome", async ({ phase, outcome }) => {
    const { engine, client, id, handle } = await connect();
    const ended = await end(client, id, phase, "disk full");
    expect(await reportOutcome(ended, engine, client)).toBe("reported");
    const result = await handle.result;
    expect(result).toMatchObject({ outcome, status: ended.status });
    if (result.outcome === "failed") expect(result.message).toBe("disk full");
  });

  it("names the execution when it failed without an error text", async () => {
    const { engine, client, id, handle } = await connect();
    const failed = await end(client, id, EXECUTION_FAILED);
    await reportOutcome(failed, engine, client);
    expect(await handle.result).toMatchObject({ outcome: "failed", message: `${id} failed` });
  });

  it("is reported to nobody when there is no token, whatever the phase", async () => {
    const { transport } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    const created = await client.create(kind.valid());
    const ended = await end(client, idOf(created), EXECUTION_COMPLETED);
    const deleted = await client.create(kind.valid());
    await client.delete({ value: idOf(deleted) });
    const unstored = kind.valid({ id: "" });
    for (const [execution, reads] of [
      [created, 1],
      [ended, 1],
      [deleted, 1],
      [unstored, 0],
    ] as const) {
      const get = vi.fn(client.get);
      expect(await reportOutcome(execution, failing("unavailable"), { get })).toBe("no-token");
      expect(get).toHaveBeenCalledTimes(reads);
    }
  });

  it.each(connections)("is told from a token that was withheld, over $over", async ({ serve }) => {
    const engine = createActivityEngine();
    const activity = await startWaiting(engine);
    const { routes, interceptors } = guardedServer(
      { routes: createExecutionService().routes },
      { mayRead: ({ header }) => header.get("caller") === "runner" },
    );
    const connect = await serve(routes, ...interceptors);
    const [viewer, runner] = ["viewer", "runner"].map((caller) =>
      kind.connect(connect(as(caller))),
    ) as [ExecutionClient<Execution>, ExecutionClient<Execution>];
    const waiting = await viewer.create(kind.valid({ token: activity.token() }));
    const ended = await end(viewer, idOf(waiting), EXECUTION_COMPLETED);
    const error = await handshakeRefusal(reportOutcome(ended, engine, viewer), "token-withheld");
    expect(error.message).toContain(idOf(waiting));
    expect(await engine.heartbeat(activity.token())).toBe("recorded");

    // Its secret values are withheld, but nobody waits.
    const unarmed = await end(viewer, idOf(await viewer.create(kind.valid())), EXECUTION_COMPLETED);
    expect(await reportOutcome(unarmed, engine, viewer)).toBe("no-token");

    expect(await reportOutcome(ended, engine, runner)).toBe("reported");
    expect(await activity.handle.result).toEqual({ outcome: "completed", status: ended.status });
  });

  it("is not reported when nobody can tell whether there is a token", async () => {
    const { client, id } = await connect();
    const ended = await end(client, id, EXECUTION_COMPLETED);
    clearCallbackToken(ended);
    const away = new ConnectError("away", Code.Unavailable);
    const reader: ExecutionQueries<Execution> = { get: () => Promise.reject(away) };
    await expect(reportOutcome(ended, failing("unavailable"), reader)).rejects.toBe(away);
  });

  it("is no outcome before the execution has ended", async () => {
    const { engine, client, id, execution, token } = await connect();
    const running = await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
    const unknown = copyOf(running);
    delete unknown.status;
    for (const unfinished of [execution, running, unknown]) {
      const error = await handshakeRefusal(
        reportOutcome(unfinished, engine, client),
        "not-terminal",
      );
      expect(error.message).toContain(id);
    }
    expect(await engine.heartbeat(token())).toBe("recorded");
  });

  it("is settled already when it is reported twice, and the first report stands", async () => {
    const { engine, client, id, handle } = await connect();
    const ended = await end(client, id, EXECUTION_COMPLETED);
    expect(await reportOutcome(ended, engine, client)).toBe("reported");
    expect(await reportOutcome(ended, engine, client)).toBe("already-settled");
    expect(await handle.result).toEqual({ outcome: "completed", status: ended.status });
  });

  it("is settled already when the activity has timed out for good", async () => {
    const { engine, client, id, handle, retry } = await connect();
    await retry();
    await retry();
    handle.timeOutAttempt();
    const ended = await end(client, id, EXECUTION_COMPLETED);
    expect(await reportOutcome(ended, engine, client)).toBe("already-settled");
    expect(await handle.result).toEqual({ outcome: "timed-out" });
  });

  it("is reported under the token that the caller has re-armed the execution with", async () => {
    const { engine, client, id, execution, handle, rearm } = await connect();
    const asFirstRead = present(getCallbackToken(execution));
    await rearm();
    const ended = await end(client, id, EXECUTION_COMPLETED);
    const { status } = ended;
    setCallbackToken(ended, asFirstRead);
    expect(await reportOutcome(ended, engine, client)).toBe("reported");
    expect(await handle.result).toEqual({ outcome: "completed", status });
    expect(getCallbackToken(ended)).toEqual(asFirstRead);
  });

  it("is reported under the last token when the caller re-arms again meanwhile", async () => {
    const { engine, client, id, execution, handle, token, rearm } = await connect();
    const asFirstRead = present(getCallbackToken(execution));
    await rearm();
    const tried: unknown[] = [];
    const completer: ActivityCompleter = {
      ...engine,
      complete: async (used, status) => {
        tried.push(used);
        // The second token dies on the way to the engine.
        if (tried.length === 2) await rearm();
        return engine.complete(used, status);
      },
    };
    const second = token();
    const local = copyOf(await client.get({ value: id }));
    present(local.status).phase = EXECUTION_COMPLETED as never;
    setCallbackToken(local, asFirstRead);
    expect(await reportOutcome(local, completer, client)).toBe("reported");
    expect(tried).toEqual([asFirstRead, second, token()]);
    expect(await handle.result).toEqual({ outcome: "completed", status: local.status });
  });

  it("cannot be told when the reader is not shown the token", async () => {
    const { engine, client, id, handle } = await connect();
    const ended = await end(client, id, EXECUTION_COMPLETED);
    const redacted: ExecutionQueries<Execution> = {
      async get(request) {
        const execution = await client.get(request);
        clearCallbackToken(execution);
        return execution;
      },
    };
    // Not read again, and so not needed, as long as the token is alive.
    expect(await reportOutcome(ended, engine, redacted)).toBe("reported");
    const error = await handshakeRefusal(reportOutcome(ended, engine, redacted), "token-withheld");
    expect(error.message).toContain(id);
    expect(await handle.result).toMatchObject({ outcome: "completed" });
  });

  it("is refused by the engine when the token is none of its own", async () => {
    const { engine, client } = await connect();
    const stored = await client.create(kind.valid({ token: newToken() }));
    const ended = await end(client, idOf(stored), EXECUTION_COMPLETED);
    await handshakeRefusal(reportOutcome(ended, engine, client), "invalid-token");
  });

  it.each(endings)(
    "can be reported again after the engine was unavailable: $outcome",
    async (to) => {
      const { engine, client, id, handle } = await connect();
      const ended = await end(client, id, to.phase, "why");
      const unavailable = failing("unavailable");
      await handshakeRefusal(reportOutcome(ended, unavailable, client), "unavailable");
      expect(await reportOutcome(ended, engine, client)).toBe("reported");
      expect(await handle.result).toMatchObject({ outcome: to.outcome });
    },
  );

  it("is settled already when the engine's answer to an earlier report was lost", async () => {
    const { engine, client, id, handle } = await connect();
    const ended = await end(client, id, EXECUTION_COMPLETED);
    const loses: ActivityCompleter = {
      ...engine,
      complete: async (...report) => {
        await engine.complete(...report);
        throw new HandshakeError("unavailable", "the answer was lost");
      },
    };
    await handshakeRefusal(reportOutcome(ended, loses, client), "unavailable");
    expect(await reportOutcome(ended, engine, client)).toBe("already-settled");
    expect(await handle.result).toEqual({ outcome: "completed", status: ended.status });
  });

  it("is settled when the execution has been deleted since an earlier report", async () => {
    const { engine, client, id } = await connect();
    const ended = await end(client, id, EXECUTION_COMPLETED);
    await reportOutcome(ended, engine, client);
    await client.delete({ value: id });
    expect(await reportOutcome(ended, engine, client)).toBe("already-settled");
  });
});

/** An engine that cannot be reached. */
function failing(code: "unavailable"): ActivityCompleter {
  const fail = async (): Promise<never> => {
    throw new HandshakeError(code, "the engine is down");
  };
  return { complete: fail, fail, reportCancellation: fail, heartbeat: fail };
}
