import { describe, expect, it } from "vitest";
import { callbackTokenGuard } from "../../src/connect/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import { measuring } from "../support/measuring.js";
import {
  all,
  EXECUTION_CANCELLED,
  EXECUTION_IN_PROGRESS,
  idOf,
  kinds,
  newToken,
} from "../testing/fixtures.js";
import { as, inMemory } from "./connections.js";

describe.each(kinds)("a guard that is given a meter, for a $name", (kind) => {
  async function start() {
    const { meter, measured } = measuring();
    const guard = callbackTokenGuard({
      mayRead: ({ header }) => header.get("caller") === "runner",
      meter,
    });
    const connect = await inMemory.serve(createExecutionService().routes, guard);
    const runner = kind.connect(connect(as("runner")));
    const id = idOf(await runner.create(kind.valid({ token: newToken() })));
    return {
      runner,
      viewer: kind.connect(connect(as("viewer"))),
      id,
      async refused() {
        const points = (await measured()).stigmer_refused_reads ?? [];
        return points.map(({ labels, count }) => [labels.rpc_method, count]);
      },
    };
  }
  const service = kind.valid().$typeName.replace(/Execution$/, "ExecutionQueryController");

  it("counts the calls from which it has withheld a token, by rpc", async () => {
    const { viewer, id, refused } = await start();
    await viewer.get({ value: id });
    await viewer.get({ value: id });
    expect(await refused()).toEqual([[`${service}/get`, 2]]);
  });

  it("counts a stream once, however many messages it has", async () => {
    const { viewer, runner, id, refused } = await start();
    const states = viewer.subscribe(id);
    await runner.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
    const read = all(states);
    await runner.updateStatus(id, { phase: EXECUTION_CANCELLED });
    await read;
    expect(await refused()).toEqual([[`${service}/subscribe`, 1]]);
  });

  it("counts neither who may read nor what has no token", async () => {
    const { viewer, runner, id, refused } = await start();
    await runner.get({ value: id });
    const nobodyWaits = await viewer.create(kind.valid());
    await viewer.get({ value: idOf(nobodyWaits) });
    expect(await refused()).toEqual([]);
  });
});
