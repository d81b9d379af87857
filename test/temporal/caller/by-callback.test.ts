import { Code } from "@connectrpc/connect";
import { CompleteAsyncError, type Info } from "@temporalio/activity";
import { describe, expect, it } from "vitest";
import { copyOf } from "../../../src/execution/copy-of.js";
import type { Execution } from "../../../src/execution/execution.js";
import { byCallback } from "../../../src/temporal/caller/by-callback.js";
import { createExecutionService } from "../../../src/testing/index.js";
import { describeCallbackToken, getCallbackToken } from "../../../src/token/index.js";
import {
  EXECUTION_COMPLETED,
  end,
  endings,
  handshakeRefusal,
  idOf,
  inMemory,
  kinds,
  leaksOf,
  newToken,
  refusal,
  rejection,
} from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";

describe.each(kinds)("an attempt that waits by callback for a $name", (kind) => {
  async function start() {
    const { transport } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    const stored = async () => (await client.list({})).entries;
    /** One attempt for an activity's request, and how it ends. */
    const attempt = (
      given: Partial<Info> = {},
      request: Execution = kind.valid(),
      maxSilentAttempts?: number,
    ) => {
      const taskToken = newToken();
      const { context, heartbeats, logged, measured } = attemptOf({ taskToken, ...given });
      const clients = { commands: client, queries: client };
      const status = byCallback(context, request, clients, maxSilentAttempts);
      return { taskToken, heartbeats, logged, measured, status };
    };
    return { client, stored, attempt };
  }

  it("creates it with the token of its task, and leaves its id when it goes pending", async () => {
    const { stored, attempt } = await start();
    const { taskToken, heartbeats, status } = attempt();
    expect(await rejection(status)).toBeInstanceOf(CompleteAsyncError);
    const [execution, ...others] = await stored();
    expect(others).toEqual([]);
    expect(execution && getCallbackToken(execution)).toEqual(taskToken);
    expect(heartbeats).toEqual([{ executionId: execution && idOf(execution) }]);
  });

  it("logs what it has done, with the description of its token", async () => {
    const { client, stored, attempt } = await start();
    const first = attempt();
    await rejection(first.status);
    const [{ metadata }] = (await stored()) as [Execution];
    const fieldsOf = ({ taskToken }: typeof first, attempt: number) => ({
      executionId: metadata?.id,
      callbackToken: describeCallbackToken(taskToken),
      attempt,
    });
    expect(first.logged).toEqual([
      { message: "started the execution", meta: fieldsOf(first, 1) },
      { message: "waiting for the execution", meta: fieldsOf(first, 1) },
    ]);
    const second = attempt({ attempt: 2 });
    await rejection(second.status);
    expect(second.logged).toEqual([
      { message: "re-armed the execution", meta: fieldsOf(second, 2) },
      { message: "waiting for the execution", meta: fieldsOf(second, 2) },
    ]);
    await end(client, metadata?.id ?? "", EXECUTION_COMPLETED);
    const third = attempt({ attempt: 3 });
    await third.status;
    expect(third.logged).toEqual([
      {
        message: "found the execution ended",
        meta: { ...fieldsOf(third, 3), outcome: "completed" },
      },
    ]);
    expect(leaksOf([first.logged, second.logged, third.logged])).toEqual([]);
  });

  it("counts itself once, in the meter of its worker, and tells its age when it goes on", async () => {
    const { attempt, stored, client } = await start();
    const execution_kind = kind.name === "AgentExecution" ? "agent" : "workflow";
    const expectCounted = async (
      { measured, status }: ReturnType<typeof attempt>,
      result: string,
    ) => {
      await status.catch(() => {});
      const labels = { execution_kind, result };
      const age = {
        name: "stigmer_handshake_age",
        value: expect.closeTo(3_600, -1),
        labels: { execution_kind },
      };
      const goesOn = result === "started" || result === "rearmed";
      expect(measured).toEqual([
        { name: "stigmer_handshakes", value: 1, labels },
        ...(goesOn ? [age] : []),
      ]);
    };
    const scheduledTimestampMs = Date.now() - 3_600_000;
    await expectCounted(attempt({ scheduledTimestampMs }), "started");
    const [execution] = await stored();
    const heartbeatDetails = { executionId: execution && idOf(execution) };
    await expectCounted(attempt({ scheduledTimestampMs }), "rearmed");
    await expectCounted(attempt({ scheduledTimestampMs, heartbeatDetails }), "rearmed");
    await end(client, heartbeatDetails.executionId ?? "", EXECUTION_COMPLETED);
    await expectCounted(attempt({ heartbeatDetails }), "ended");
    await expectCounted(attempt({ heartbeatDetails: { executionId: "wex-0" } }), "refused");
  });

  it("tells no age when it gives up, since nothing was heard of the execution", async () => {
    const { attempt } = await start();
    const first = attempt({}, kind.valid(), 1);
    await rejection(first.status);
    const second = attempt({ heartbeatDetails: first.heartbeats[0] }, kind.valid(), 1);
    expect(await rejection(second.status)).toMatchObject({ type: "ExecutionSilent" });
    expect(second.measured.map(({ name }) => name)).toEqual(["stigmer_handshakes"]);
  });

  it("leaves the request of its caller as it was, without a token", async () => {
    const { attempt } = await start();
    const request = kind.valid();
    const before = copyOf(request);
    await rejection(attempt({}, request).status);
    expect(request).toEqual(before);
  });

  it.each([
    ["has left its id", (executionId: string) => ({ executionId })],
    ["was over before it could", () => undefined],
  ])("re-arms that of an earlier one, which %s", async (_, detailsOf) => {
    const { stored, attempt } = await start();
    await rejection(attempt().status);
    const [before] = (await stored()) as [Execution];
    const { taskToken, status } = attempt({
      attempt: 2,
      heartbeatDetails: detailsOf(idOf(before)),
    });
    expect(await rejection(status)).toBeInstanceOf(CompleteAsyncError);
    const [after, ...others] = (await stored()) as [Execution];
    expect(others).toEqual([]);
    expect(idOf(after)).toBe(idOf(before));
    expect(getCallbackToken(after)).toEqual(taskToken);
  });

  it("re-arms the one under an id of the service's making, which only the details tell", async () => {
    const { client, stored, attempt } = await start();
    const executionId = `${kind.idPrefix}-of-the-service`;
    await client.create(kind.valid({ id: executionId, token: newToken() }));
    const { taskToken, heartbeats, status } = attempt({ heartbeatDetails: { executionId } });
    expect(await rejection(status)).toBeInstanceOf(CompleteAsyncError);
    expect((await stored()).map(idOf)).toEqual([executionId]);
    expect(getCallbackToken(await client.get({ value: executionId }))).toEqual(taskToken);
    expect(heartbeats).toEqual([{ executionId }]);
  });

  it("does not make again what has been deleted since", async () => {
    const { client, stored, attempt } = await start();
    await rejection(attempt().status);
    const [execution] = (await stored()) as [Execution];
    await client.delete({ value: idOf(execution) });
    const details = { executionId: idOf(execution) };
    const { heartbeats, status } = attempt({ attempt: 2, heartbeatDetails: details });
    await refusal(status, Code.NotFound);
    expect(await stored()).toEqual([]);
    expect(heartbeats).toEqual([]);
  });

  it.each(endings)(
    "returns the status of one that has $outcome, and is not pending",
    async ({ phase }) => {
      const { client, stored, attempt } = await start();
      const first = attempt();
      await rejection(first.status);
      const [execution] = (await stored()) as [Execution];
      const { status } = await end(client, idOf(execution), phase);
      const second = attempt({ attempt: 2 });
      expect(await second.status).toEqual(status);
      expect(second.heartbeats).toEqual([]);
      expect(getCallbackToken(await client.get({ value: idOf(execution) }))).toEqual(
        first.taskToken,
      );
    },
  );

  it("does not take what another request has asked for under the same id", async () => {
    const { client, attempt } = await start();
    const id = `${kind.idPrefix}-mine`;
    const token = newToken();
    await client.create(kind.valid({ id, token, parent: "another" }));
    await handshakeRefusal(attempt({}, kind.valid({ id })).status, "id-taken");
    expect(getCallbackToken(await client.get({ value: id }))).toEqual(token);
  });
});
