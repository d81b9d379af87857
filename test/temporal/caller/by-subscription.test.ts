import { setImmediate } from "node:timers/promises";
import type { Info } from "@temporalio/activity";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Execution } from "../../../src/execution/execution.js";
import { bySubscription } from "../../../src/temporal/caller/by-subscription.js";
import { createExecutionService } from "../../../src/testing/index.js";
import { hasCallbackToken } from "../../../src/token/index.js";
import {
  EXECUTION_COMPLETED,
  end,
  idOf,
  inMemory,
  kinds,
  newToken,
  rejection,
} from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";

describe.each(kinds)("an attempt that waits in the worker for a $name", (kind) => {
  async function start() {
    const { transport, openStreams } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    const stored = async () => (await client.list({})).entries;
    const attempt = (given: Partial<Info> = {}, follow = (id: string) => client.wait(id)) => {
      const { context, heartbeats, logged } = attemptOf({ taskToken: newToken(), ...given });
      const clients = { commands: client, queries: client };
      return { heartbeats, logged, status: bySubscription(context, kind.valid(), clients, follow) };
    };
    const untilFollowed = async () => {
      while (openStreams() === 0) await setImmediate();
    };
    return { client, stored, attempt, untilFollowed };
  }

  function useFakeIntervals() {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
  }

  it("creates it without a token, and returns the status that it ends with", async () => {
    const { client, stored, attempt, untilFollowed } = await start();
    const { heartbeats, logged, status } = attempt();
    await untilFollowed();
    const [execution, ...others] = (await stored()) as [Execution];
    expect(others).toEqual([]);
    expect(hasCallbackToken(execution)).toBe(false);
    expect(heartbeats).toEqual([{ executionId: idOf(execution) }]);
    const ended = await end(client, idOf(execution), EXECUTION_COMPLETED);
    expect(await status).toEqual(ended.status);
    const fields = { executionId: idOf(execution), attempt: 1 };
    expect(logged).toEqual([
      { message: "started the execution", meta: fields },
      { message: "waiting for the execution", meta: fields },
      { message: "found the execution ended", meta: { ...fields, outcome: "completed" } },
    ]);
  });

  it.each([
    ["has left its id", (executionId: string) => ({ executionId })],
    ["was over before it could", () => undefined],
  ])("follows that of an earlier one, which %s", async (_, detailsOf) => {
    const { client, stored, attempt } = await start();
    await rejection(attempt({}, () => Promise.reject(new Error("the worker dies"))).status);
    const [execution] = (await stored()) as [Execution];
    const details = detailsOf(idOf(execution));
    const { status } = attempt({ attempt: 2, heartbeatDetails: details });
    const ended = await end(client, idOf(execution), EXECUTION_COMPLETED);
    expect(await status).toEqual(ended.status);
    expect(await stored()).toHaveLength(1);
  });

  it("follows the one under an id of the service's making, which only the details tell", async () => {
    const { client, stored, attempt } = await start();
    const executionId = `${kind.idPrefix}-of-the-service`;
    await client.create(kind.valid({ id: executionId }));
    const { heartbeats, status } = attempt({ heartbeatDetails: { executionId } });
    expect((await stored()).map(idOf)).toEqual([executionId]);
    const ended = await end(client, executionId, EXECUTION_COMPLETED);
    expect(await status).toEqual(ended.status);
    expect(heartbeats).toEqual([{ executionId }]);
  });

  it.each([
    ["of 30 s", { heartbeatTimeoutMs: 30_000 }, 10_000],
    ["of a minute, without any", {}, 20_000],
    ["of a minute, without any, as servers tell it", { heartbeatTimeoutMs: 0 }, 20_000],
  ])("heartbeats three times in a timeout %s, until the end", async (_, info, ms) => {
    useFakeIntervals();
    const { client, stored, attempt, untilFollowed } = await start();
    const { heartbeats, status } = attempt(info);
    await untilFollowed();
    const [execution] = (await stored()) as [Execution];
    vi.advanceTimersByTime(3 * ms - 1);
    const details = { executionId: idOf(execution) };
    expect(heartbeats).toEqual([details, details, details]);
    vi.advanceTimersByTime(1);
    expect(heartbeats).toHaveLength(4);
    await end(client, idOf(execution), EXECUTION_COMPLETED);
    await status;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("heartbeats no more when following fails", async () => {
    useFakeIntervals();
    const { attempt } = await start();
    const lost = new Error("connection lost");
    expect(await rejection(attempt({}, () => Promise.reject(lost)).status)).toBe(lost);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not heartbeat as a local activity, which has no heartbeats", async () => {
    useFakeIntervals();
    const { client, stored, attempt, untilFollowed } = await start();
    const { heartbeats, status } = attempt({ isLocal: true, heartbeatTimeoutMs: 1_000 });
    await untilFollowed();
    vi.advanceTimersByTime(10_000);
    const [execution] = (await stored()) as [Execution];
    await end(client, idOf(execution), EXECUTION_COMPLETED);
    await status;
    expect(heartbeats).toEqual([]);
  });
});
