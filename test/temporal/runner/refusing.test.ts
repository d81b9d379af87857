import { describe, expect, it } from "vitest";
import { HandshakeError } from "../../../src/handshake/index.js";
import type { SystemActivities } from "../../../src/temporal/runner/system-activities.js";
import { createActivityEngine } from "../../../src/testing/index.js";
import { EXECUTION_COMPLETED, leaksOf, newToken, rejection } from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";
import { activitiesWith, failureOf, statusOf } from "./start-runner.js";

describe("what no other attempt would change", () => {
  const status = statusOf(EXECUTION_COMPLETED);
  const calls: Record<string, (activities: SystemActivities, token: Uint8Array) => unknown> = {
    CompleteExternalActivity: (activities, token) =>
      activities.CompleteExternalActivity(token, status, "wex-1"),
    FailExternalActivity: (activities, token) =>
      activities.FailExternalActivity(token, "disk full", "wex-1"),
    CancelExternalActivity: (activities, token) =>
      activities.CancelExternalActivity(token, "stopped", "wex-1"),
    HeartbeatExternalActivity: (activities, token) =>
      activities.HeartbeatExternalActivity(token, "wex-1"),
  };
  const fails = (code: "invalid-token" | "too-large" | "unavailable") => {
    const fail = async (): Promise<never> => {
      throw new HandshakeError(code, `the engine says ${code}`);
    };
    return { complete: fail, fail, reportCancellation: fail, heartbeat: fail };
  };

  it.each(Object.entries(calls))(
    "is for %s a token that came through a converter that knows no messages",
    async (_, call) => {
      const activities = activitiesWith({});
      const attempt = attemptOf();
      const failure = await failureOf(
        attempt.run(async () => call(activities, throughJson(newToken()))),
      );
      expect(failure).toMatchObject({ type: "PayloadConverterMissing", nonRetryable: true });
      expect(failure.message).toContain("callback token");
      expect(leaksOf(attempt.logged)).toEqual([]);
    },
  );

  it.each(Object.entries(calls))("is for %s a token that is empty", async (_, call) => {
    const activities = activitiesWith({});
    const failure = await failureOf(
      attemptOf().run(async () => call(activities, new Uint8Array())),
    );
    expect(failure).toMatchObject({ type: "InvalidToken", nonRetryable: true });
  });

  it.each(Object.entries(calls))("is for %s a token of another server", async (_, call) => {
    const activities = activitiesWith(createActivityEngine());
    const failure = await failureOf(attemptOf().run(async () => call(activities, newToken())));
    expect(failure).toMatchObject({ type: "InvalidToken", nonRetryable: true });
  });

  it.each(Object.entries(calls))("is for %s what the server finds too large", async (_, call) => {
    const activities = activitiesWith(fails("too-large"));
    const failure = await failureOf(attemptOf().run(async () => call(activities, newToken())));
    expect(failure).toMatchObject({
      type: "TooLarge",
      nonRetryable: true,
      message: "the engine says too-large",
    });
  });

  it.each(Object.entries(calls))("is for %s no server that is away", async (_, call) => {
    const activities = activitiesWith(fails("unavailable"));
    const error = await rejection(attemptOf().run(async () => call(activities, newToken())));
    expect(error).toMatchObject({ name: "HandshakeError", code: "unavailable" });
  });
});

/** What the default converter makes of bytes. */
function throughJson(bytes: Uint8Array): Uint8Array {
  return JSON.parse(JSON.stringify(bytes)) as Uint8Array;
}
