import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import type { Execution } from "../../../src/execution/execution.js";
import { type Clients, withSignal } from "../../../src/temporal/caller/clients.js";
import { createExecutionService } from "../../../src/testing/index.js";
import { idOf, inMemory, kinds, refusal } from "../../testing/fixtures.js";

describe.each(kinds)("the clients of an attempt, for a $name", ({ connect, idPrefix, valid }) => {
  const id = `${idPrefix}-1`;
  const clientsOf = (client: ReturnType<typeof connect>): Clients<Execution> => ({
    commands: client,
    queries: client,
  });

  it("answer as those that they are made of", async () => {
    const { transport } = await inMemory(createExecutionService());
    const { commands, queries } = withSignal(
      clientsOf(connect(transport)),
      new AbortController().signal,
    );
    const created = await commands.create(valid({ id, tags: ["a"] }));
    expect(idOf(created)).toBe(id);
    expect(idOf(await commands.update(created))).toBe(id);
    const stored = await queries.get({ value: id });
    expect(stored.metadata?.tags).toEqual(["a"]);
    expect(await queries.list({ tags: ["a"], pageSize: 1 })).toMatchObject({ entries: [stored] });
    expect(await queries.list({ tags: ["b"], pageSize: 1 })).toMatchObject({ entries: [] });
  });

  it.each<[string, (clients: Clients<Execution>) => Promise<unknown>]>([
    ["create", ({ commands }) => commands.create(valid({ id }))],
    ["update", ({ commands }) => commands.update(valid({ id }))],
    ["get", ({ queries }) => queries.get({ value: id })],
    ["list", ({ queries }) => queries.list({ tags: [], pageSize: 1 })],
  ])("give up %s when the attempt is over", async (_, call) => {
    const over = new AbortController();
    const { transport } = await inMemory(createExecutionService(), {
      interceptors: [
        () => () => {
          over.abort();
          return new Promise(() => {});
        },
      ],
    });
    const clients = withSignal(clientsOf(connect(transport)), over.signal);
    await refusal(call(clients), Code.Canceled);
  });
});
