import { describe, expect, it } from "vitest";
import { type ExecutionQueries, HandshakeError } from "../../../src/handshake/index.js";
import { createSystemActivities } from "../../../src/temporal/runner/system-activities.js";
import { createActivityEngine } from "../../../src/testing/index.js";
import { describeCallbackToken } from "../../../src/token/index.js";
import {
  EXECUTION_CANCELLED,
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  kinds,
  leaksOf,
  newToken,
  present,
  rejection,
} from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";
import { activitiesWith, startRunner, statusOf } from "./start-runner.js";

describe("a report", () => {
  it("completes the waiting activity with the status, and says so in the log", async () => {
    const { activities, id, handle, token } = await startRunner();
    const attempt = attemptOf();
    const status = statusOf(EXECUTION_COMPLETED, { output: { n: 1 } });
    const report = () => activities.CompleteExternalActivity(token(), status, id);
    expect(await attempt.run(report)).toBe("reported");
    expect(await handle.result).toEqual({ outcome: "completed", status });
    expect(attempt.logged).toEqual([
      {
        message: "reported to the waiting activity",
        meta: {
          executionId: id,
          callbackToken: describeCallbackToken(token()),
          attempt: 1,
          outcome: "completed",
        },
      },
    ]);
    expect(leaksOf(attempt.logged)).toEqual([]);
  });

  it("is counted and timed once by each attempt, with the kind that its id or its status tells", async () => {
    const { activities, id, token } = await startRunner();
    const given = token();
    const countedBy = async (report: () => Promise<unknown>) => {
      const attempt = attemptOf();
      await attempt.run(report);
      return attempt.measured.map(({ name, labels }) => [name, ...Object.values(labels)]);
    };
    const status = statusOf(EXECUTION_COMPLETED);
    expect(await countedBy(() => activities.FailExternalActivity(given, "full", id))).toEqual([
      ["stigmer_reports", "workflow", "failed", "reported"],
      ["stigmer_report_duration", "workflow", "failed", "reported"],
    ]);
    expect(await countedBy(() => activities.CompleteExternalActivity(given, status))).toEqual([
      ["stigmer_reports", "workflow", "completed", "already_settled"],
      ["stigmer_report_duration", "workflow", "completed", "already_settled"],
    ]);
    expect(await countedBy(() => activities.CancelExternalActivity(given, "stopped"))).toEqual([
      ["stigmer_reports", "unknown", "cancelled", "already_settled"],
      ["stigmer_report_duration", "unknown", "cancelled", "already_settled"],
    ]);
  });

  it("is counted when its token is none, and logged without it", async () => {
    const activities = activitiesWith({});
    const attempt = attemptOf();
    const report = () => activities.FailExternalActivity(new Uint8Array(), "full", "wex-1");
    await rejection(attempt.run(report));
    const labels = { execution_kind: "workflow", outcome: "failed", result: "invalid_token" };
    expect(attempt.measured.map(({ labels }) => labels)).toEqual([labels, labels]);
    expect(attempt.logged).toEqual([
      {
        message: "could not report to the waiting activity",
        meta: {
          executionId: "wex-1",
          attempt: 1,
          outcome: "failed",
          cause: "callback token: expected 1 to 8192 bytes, got 0",
        },
      },
    ]);
  });

  it("finds the token that the caller has re-armed the execution with", async () => {
    const { activities, id, handle, token, rearm } = await startRunner();
    const first = token();
    await rearm();
    const status = statusOf(EXECUTION_COMPLETED);
    const report = () => activities.CompleteExternalActivity(first, status, id);
    expect(await attemptOf().run(report)).toBe("reported");
    expect(await handle.result).toEqual({ outcome: "completed", status });
  });

  it("of a worker that gives no id reads nothing, and is dropped when nobody waits", async () => {
    const { activities, token, rearm, calls } = await startRunner();
    const first = token();
    await rearm();
    const attempt = attemptOf();
    const status = statusOf(EXECUTION_COMPLETED);
    expect(await attempt.run(() => activities.CompleteExternalActivity(first, status))).toBe(
      "already-settled",
    );
    expect(calls).toEqual(["complete"]);
    expect(attempt.logged.map(({ message }) => message)).toEqual([
      "no activity waits for this report; dropped",
    ]);
    expect(leaksOf(attempt.logged)).toEqual([]);
  });

  it("is made outside of a worker, too, and logs nothing there", async () => {
    const { activities, id, handle, token } = await startRunner();
    const status = statusOf(EXECUTION_COMPLETED);
    expect(await activities.CompleteExternalActivity(token(), status, id)).toBe("reported");
    expect(await handle.result).toEqual({ outcome: "completed", status });
  });

  it("that cannot be made is logged with its cause, and fails", async () => {
    const activities = activitiesWith({
      fail: async () => {
        throw new HandshakeError("unavailable", "Temporal could not be asked: it is down");
      },
    });
    const token = newToken();
    const attempt = attemptOf({ attempt: 3 });
    const report = () => activities.FailExternalActivity(token, "out of stock", "wex-1");
    const error = await rejection(attempt.run(report));
    expect(error).toMatchObject({ code: "unavailable" });
    expect(attempt.logged).toEqual([
      {
        message: "could not report to the waiting activity",
        meta: {
          executionId: "wex-1",
          callbackToken: describeCallbackToken(token),
          attempt: 3,
          outcome: "failed",
          cause: "Temporal could not be asked: it is down",
        },
      },
    ]);
  });

  it("gives the completer the execution, for callers that want the whole", async () => {
    const { id, client, token } = await startRunner();
    const given: unknown[] = [];
    const whole = createSystemActivities({
      completer: {
        ...createActivityEngine(),
        complete: async (_token, _status, readExecution) => {
          given.push(await readExecution?.());
          return "settled";
        },
      },
      executions: {
        workflow: { queries: client as unknown as ExecutionQueries<never> },
        agent: { queries: { get: async () => expect.fail("not an agent's") } },
      },
    });
    const status = statusOf(EXECUTION_COMPLETED);
    await attemptOf().run(() => whole.CompleteExternalActivity(token(), status, id));
    await attemptOf().run(() => whole.CompleteExternalActivity(token(), status));
    expect(given).toEqual([await client.get({ value: id }), undefined]);
  });

  it.each(kinds)(
    "of a failure is a failed status of a $name, unless one is given",
    async (kind) => {
      const { activities, id, handle, token } = await startRunner(kind);
      await attemptOf().run(() => activities.FailExternalActivity(token(), "disk full", id));
      const result = await handle.result;
      expect(result).toMatchObject({ outcome: "failed", message: "disk full" });
      expect("status" in result && result.status).toMatchObject({
        $typeName: present(kind.valid({ status: { phase: 1 } }).status).$typeName,
        phase: EXECUTION_FAILED,
        error: "disk full",
      });
    },
  );

  it.each(kinds)("of a cancellation is a cancelled status of a $name", async (kind) => {
    const { activities, id, handle, token } = await startRunner(kind);
    await attemptOf().run(() => activities.CancelExternalActivity(token(), "stopped", id));
    expect(await handle.result).toMatchObject({
      outcome: "cancelled",
      status: { phase: EXECUTION_CANCELLED, error: "stopped" },
    });
  });

  it("of a cancellation puts its message into a status that has none", async () => {
    for (const [error, expected] of [
      ["", "stopped"],
      ["by hand", "by hand"],
    ] as const) {
      const { activities, id, handle, token } = await startRunner();
      const status = statusOf(EXECUTION_CANCELLED, { error, output: { n: 1 } });
      const report = () => activities.CancelExternalActivity(token(), "stopped", id, status);
      await attemptOf().run(report);
      expect(await handle.result).toMatchObject({ status: { error: expected, output: { n: 1 } } });
      expect(status.error).toBe(error);
    }
  });
});
