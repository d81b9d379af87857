import { describe, expect, it } from "vitest";
import type { Execution } from "../../src/execution/execution.js";
import {
  type ActivityCompleter,
  type ExecutionQueries,
  HandshakeError,
  type HandshakeErrorCode,
  reportOutcome,
} from "../../src/handshake/index.js";
import { createActivityEngine, createExecutionService } from "../../src/testing/index.js";
import { measuring } from "../support/measuring.js";
import {
  EXECUTION_COMPLETED,
  EXECUTION_IN_PROGRESS,
  end,
  endings,
  idOf,
  inMemory,
  kinds,
  startWaiting,
} from "../testing/fixtures.js";

describe.each(kinds)("a report of an execution of a $name", (kind) => {
  const execution_kind = kind.name === "AgentExecution" ? "agent" : "workflow";
  async function connect() {
    const engine = createActivityEngine();
    const { transport } = await inMemory(createExecutionService());
    const client = kind.connect(transport);
    const activity = await startWaiting(engine);
    const execution = await client.create(kind.valid({ token: activity.token() }));
    const { meter, measured } = measuring();
    const report = (
      given: typeof execution,
      completer: ActivityCompleter = engine,
      queries: ExecutionQueries<Execution> = client,
    ) => reportOutcome(given, completer, queries, { meter });
    return { client, execution, id: idOf(execution), activity, report, measured };
  }

  it.each(endings)(
    "is counted and timed once, with the age of the execution: $outcome",
    async ({ phase, outcome }) => {
      const { client, id, report, measured } = await connect();
      const startedAt = "2026-01-01T00:00:00Z";
      await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
      await report(await client.updateStatus(id, { phase, startedAt }));
      const labels = { execution_kind, outcome, result: "reported" };
      expect(await measured()).toEqual({
        stigmer_reports: [{ labels, count: 1 }],
        stigmer_report_duration: [{ labels, count: 1 }],
        stigmer_execution_age: [{ labels: { execution_kind, outcome }, count: 1 }],
      });
    },
  );

  it("is counted by what has become of it", async () => {
    const { client, execution, id, activity, report, measured } = await connect();
    await report(await client.create(kind.valid()));
    await report(execution).catch(() => {});
    const ended = await end(client, id, EXECUTION_COMPLETED);
    const failing = (code: HandshakeErrorCode) => ({
      ...createActivityEngine(),
      complete: async () => {
        throw new HandshakeError(code, "as planned");
      },
    });
    for (const code of ["unavailable", "invalid-token", "too-large"] as const) {
      await report(ended, failing(code)).catch(() => {});
    }
    await activity.retry();
    await report(ended);
    const { stigmer_reports: points = [] } = await measured();
    const counted = points.map(({ labels, count }) => [labels.outcome, labels.result, count]);
    expect(counted.sort()).toEqual([
      ["completed", "already_settled", 1],
      ["completed", "invalid_token", 1],
      ["completed", "too_large", 1],
      ["completed", "unavailable", 1],
      ["unknown", "no_token", 1],
      ["unknown", "not_terminal", 1],
    ]);
  });

  it("has the age of its execution only if that says when it has started", async () => {
    const { client, id, report, measured } = await connect();
    await report(await end(client, id, EXECUTION_COMPLETED));
    expect(Object.keys(await measured())).toEqual(["stigmer_reports", "stigmer_report_duration"]);
  });

  it("whose reader may not see the newer token is counted so", async () => {
    const { client, id, activity, report, measured } = await connect();
    const ended = await end(client, id, EXECUTION_COMPLETED);
    await activity.retry();
    const blind: ExecutionQueries<never> = { get: async () => kind.valid({ id }) as never };
    await report(ended, undefined, blind).catch(() => {});
    expect((await measured()).stigmer_reports).toEqual([
      { labels: { execution_kind, outcome: "completed", result: "withheld" }, count: 1 },
    ]);
  });
});
