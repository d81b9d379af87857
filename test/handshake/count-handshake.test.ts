import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import type { Execution } from "../../src/execution/execution.js";
import { rearmExecution, startExecution } from "../../src/handshake/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import type { CallbackToken } from "../../src/token/index.js";
import { measuring } from "../support/measuring.js";
import { EXECUTION_COMPLETED, end, inMemory, kinds, newToken } from "../testing/fixtures.js";

describe.each(kinds)("an attempt to start or re-arm an execution of a $name", (kind) => {
  const execution_kind = kind.name === "AgentExecution" ? "agent" : "workflow";
  const id = `${kind.idPrefix}-1`;
  const request = () => kind.valid({ id });

  async function connect() {
    const { transport } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    const { meter, measured } = measuring();
    const clients = { commands: client, queries: client };
    return {
      client,
      start: (given: Execution = request(), token = newToken()) =>
        startExecution(given, token, clients, { meter }),
      rearm: (token = newToken()) => rearmExecution(request(), token, clients, { meter }),
      failing: (error: Error) => {
        const create = async () => {
          throw error;
        };
        const commands = { create, update: client.update };
        return startExecution(request(), newToken(), { commands, queries: client }, { meter });
      },
      async counted() {
        const points = (await measured()).stigmer_handshakes ?? [];
        for (const { labels } of points) expect(labels).toMatchObject({ execution_kind });
        return Object.fromEntries(points.map(({ labels, count }) => [labels.result, count]));
      },
    };
  }

  it("is counted once, by what it finds", async () => {
    const { client, start, rearm, counted } = await connect();
    await start();
    expect(await counted()).toEqual({ started: 1 });
    await start();
    await rearm();
    expect(await counted()).toEqual({ started: 1, rearmed: 2 });
    await end(client, id, EXECUTION_COMPLETED);
    await start();
    await rearm();
    expect(await counted()).toEqual({ started: 1, rearmed: 2, ended: 2 });
  });

  it("is counted by the error that it has thrown", async () => {
    const { start, rearm, failing, counted } = await connect();
    const tooLong = new Uint8Array(9_000) as CallbackToken;
    await Promise.allSettled([
      start(kind.valid({ id: "" })),
      rearm(),
      failing(new ConnectError("away", Code.Unavailable)),
      failing(new ConnectError("no", Code.PermissionDenied)),
      failing(new TypeError("a bug")),
    ]);
    expect(await counted()).toEqual({ refused: 3, unavailable: 1, other: 1 });
    await start(request(), tooLong).catch(() => {});
    expect(await counted()).toMatchObject({ invalid_token: 1 });
  });
});
