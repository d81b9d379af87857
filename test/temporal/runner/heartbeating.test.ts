import { ApplicationFailureCategory } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import type { HeartbeatOptions } from "../../../src/temporal/runner/heartbeating.js";
import type { SystemActivities } from "../../../src/temporal/runner/system-activities.js";
import {
  type CallbackToken,
  describeCallbackToken,
  formatCallbackToken,
} from "../../../src/token/index.js";
import { leaksOf, newToken, workflowKind } from "../../testing/fixtures.js";
import { type Attempt, attemptOf } from "../activity-context.js";
import { activitiesWith, startRunner } from "./start-runner.js";

describe("a heartbeat", () => {
  /** The next attempt of a heartbeat: with the details that the last one has left. */
  async function beat(
    activities: SystemActivities,
    token: Uint8Array,
    id: string,
    options?: HeartbeatOptions,
    before?: Attempt,
  ) {
    const attempt = attemptOf({ heartbeatDetails: before?.heartbeats.at(-1) });
    const call = attempt.run(() => activities.HeartbeatExternalActivity(token, id, options));
    const news = await call.catch((error: unknown) => error);
    expect(leaksOf(attempt.logged)).toEqual([]);
    return { attempt, news };
  }

  const fieldsOf = (executionId: string, token: CallbackToken) => ({
    executionId,
    callbackToken: describeCallbackToken(token),
    attempt: 1,
  });

  const goesOn = expect.objectContaining({
    type: "ExecutionGoesOn",
    nonRetryable: false,
    category: ApplicationFailureCategory.BENIGN,
  });

  it("is one call to the caller's server, and no read, while the activity waits", async () => {
    const { activities, id, token, calls, attempts, retry } = await startRunner();
    const { news, attempt } = await beat(activities, token(), id);
    expect(news).toEqual(goesOn);
    expect(calls).toEqual(["heartbeat"]);
    expect(attempt.heartbeats).toEqual([]);
    await retry();
    expect(attempts.at(-1)?.heartbeatDetails).toEqual({ executionId: id });
  });

  it("that finds no activity reads the execution once, and tells of the newer token", async () => {
    const { activities, id, token, rearm, calls } = await startRunner();
    const first = token();
    const second = await rearm();
    const { news, attempt } = await beat(activities, first, id);
    expect(news).toEqual({ rearmed: formatCallbackToken(second) });
    expect(attempt.logged).toEqual([
      { message: "found a newer callback token", meta: fieldsOf(id, second) },
    ]);
    expect(calls).toEqual(["heartbeat", "read", "heartbeat"]);
  });

  it("that finds no activity goes on when the execution has no newer token", async () => {
    const { activities, id, token, retry, calls } = await startRunner();
    const first = token();
    await retry();
    const { news, attempt } = await beat(activities, first, id);
    expect(news).toEqual(goesOn);
    expect(calls).toEqual(["heartbeat", "read"]);
    expect(attempt.logged).toEqual([
      { message: "no activity waits for this heartbeat", meta: fieldsOf(id, first) },
    ]);
  });

  it("goes on when the newer token is dead, too", async () => {
    const { activities, id, token, rearm, retry, calls } = await startRunner();
    const first = token();
    await rearm();
    await retry();
    expect((await beat(activities, first, id)).news).toEqual(goesOn);
    expect(calls).toEqual(["heartbeat", "read", "heartbeat"]);
  });

  it("goes on when nobody can tell the token of the execution", async () => {
    const heartbeat = async () => "not-found" as const;
    const lost = activitiesWith({ heartbeat }, async () => {
      throw new Error("connection lost");
    });
    expect((await beat(lost, newToken(), "wex-1")).news).toEqual(goesOn);
    const withheld = activitiesWith({ heartbeat }, async () => workflowKind.valid() as never);
    expect((await beat(withheld, newToken(), "wex-1")).news).toEqual(goesOn);
  });

  it("of a worker that gives no id reads nothing, and counts its misses all the same", async () => {
    const { activities, token, retry, calls } = await startRunner();
    const first = token();
    await retry();
    const { attempt, news } = await beat(activities, first, undefined as never, { maxMissed: 1 });
    expect(news).toBe("caller-gone");
    expect(calls).toEqual(["heartbeat"]);
    expect(attempt.measured.map(({ labels }) => labels)).toEqual([
      { execution_kind: "unknown", answer: "not_found" },
    ]);
  });

  it("tells that the caller wants to cancel, and not again once that is known", async () => {
    const { activities, id, token, handle } = await startRunner();
    handle.cancel();
    expect((await beat(activities, token(), id)).news).toBe("cancel-requested");
    const known = await beat(activities, token(), id, { isCancelling: true });
    expect(known.news).toEqual(goesOn);
    expect((await beat(activities, token(), id, { isCancelling: false })).news).toBe(
      "cancel-requested",
    );
  });

  it("tells that the caller is gone after so many in a row that have found no activity", async () => {
    const { activities, id, token, retry } = await startRunner();
    const first = token();
    await retry();
    const options = { maxMissed: 3 };
    const one = await beat(activities, first, id, options);
    const two = await beat(activities, first, id, options, one.attempt);
    const three = await beat(activities, first, id, options, two.attempt);
    expect([one.news, two.news, three.news]).toEqual([goesOn, goesOn, "caller-gone"]);
    expect((await beat(activities, first, id, { maxMissed: 1 })).news).toBe("caller-gone");
  });

  it("counts anew once one has found the activity", async () => {
    const { activities, id, token, retry } = await startRunner();
    const first = token();
    const second = await retry();
    const options = { maxMissed: 2 };
    const missed = await beat(activities, first, id, options);
    const found = await beat(activities, second, id, options, missed.attempt);
    const again = await beat(activities, first, id, options, found.attempt);
    expect([missed.news, found.news, again.news]).toEqual([goesOn, goesOn, goesOn]);
    expect((await beat(activities, first, id, options, again.attempt)).news).toBe("caller-gone");
  });

  it("heartbeats for itself only when it has to count", async () => {
    const { activities, id, token, retry } = await startRunner();
    const first = token();
    await retry();
    expect((await beat(activities, first, id)).attempt.heartbeats).toEqual([]);
    expect((await beat(activities, first, id, {})).attempt.heartbeats).toEqual([]);
    expect((await beat(activities, first, id, { maxMissed: 9 })).attempt.heartbeats).toEqual([
      { missed: 1 },
    ]);
  });
});
