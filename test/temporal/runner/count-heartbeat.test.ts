import { describe, expect, it } from "vitest";
import { HandshakeError } from "../../../src/handshake/index.js";
import { kinds } from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";
import { activitiesWith, startRunner } from "./start-runner.js";

describe.each(kinds)("a heartbeat of a $name", (kind) => {
  const execution_kind = kind.name === "AgentExecution" ? "agent" : "workflow";

  /** What is counted while the heartbeat is made. */
  async function counted(
    activities: ReturnType<typeof activitiesWith>,
    token: Uint8Array,
    id: string,
    knowsStart = true,
  ) {
    // The execution runs for an hour, and this heartbeat was made anew half an hour ago.
    const attempt = attemptOf({ scheduledTimestampMs: Date.now() - 1_800_000 });
    const runningSince = knowsStart ? Date.now() - 3_600_000 : undefined;
    const beat = () =>
      activities.HeartbeatExternalActivity(token, id, runningSince ? { runningSince } : {});
    await attempt.run(beat).catch(() => {});
    return attempt.measured;
  }
  const one = (answer: string) => [
    { name: "stigmer_heartbeats", value: 1, labels: { execution_kind, answer } },
  ];
  /** With the age of the handshake, which goes on. */
  const found = (answer: string, age = 3_600) => [
    ...one(answer),
    { name: "stigmer_handshake_age", value: expect.closeTo(age, -1), labels: { execution_kind } },
  ];

  it("is counted once, by what has become of the activity that waits", async () => {
    const { activities, id, token, retry, rearm } = await startRunner(kind);
    expect(await counted(activities, token(), id)).toEqual(found("recorded"));
    const first = token();
    await rearm();
    expect(await counted(activities, first, id)).toEqual(found("rearmed"));
    await retry();
    expect(await counted(activities, first, id)).toEqual(one("not_found"));
  });

  it("is counted as wanted no more when the caller wants to cancel", async () => {
    const cancelling = activitiesWith({ heartbeat: async () => "cancel-requested" });
    const token = Uint8Array.of(1, 2, 3);
    expect(await counted(cancelling, token, `${kind.idPrefix}-1`)).toEqual(
      found("cancel_requested"),
    );
  });

  it("takes its own age for that of a workflow that does not say when it has started", async () => {
    const { activities, id, token } = await startRunner(kind);
    expect(await counted(activities, token(), id, false)).toEqual(found("recorded", 1_800));
  });

  it("is counted by its token when that is none", async () => {
    const id = `${kind.idPrefix}-1`;
    expect(await counted(activitiesWith({}), new Uint8Array(), id)).toEqual(one("invalid_token"));
  });

  it("is counted by the error of an engine that cannot be asked", async () => {
    const heartbeat = async () => {
      throw new HandshakeError("unavailable", "away");
    };
    const token = Uint8Array.of(1, 2, 3);
    const away = activitiesWith({ heartbeat });
    expect(await counted(away, token, `${kind.idPrefix}-1`)).toEqual(one("unavailable"));
  });
});
