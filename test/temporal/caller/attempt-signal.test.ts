import { once } from "node:events";
import { CancelledFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { attemptSignal } from "../../../src/temporal/caller/attempt-signal.js";
import { attemptOf } from "../activity-context.js";

const hour = 3_600_000;

describe("the signal of an attempt", () => {
  it("is aborted when the attempt is cancelled, which is no timeout", () => {
    const { context, cancel } = attemptOf();
    const { signal, isTimedOut } = attemptSignal(context, hour);
    expect(signal.aborted).toBe(false);
    cancel();
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBeInstanceOf(CancelledFailure);
    expect(isTimedOut()).toBe(false);
  });

  it("is aborted from the beginning when the attempt was cancelled before", () => {
    const { context, cancel } = attemptOf();
    cancel();
    expect(attemptSignal(context, hour).signal.aborted).toBe(true);
  });

  it("is aborted when the time is over, which is a timeout", async () => {
    const { signal, isTimedOut } = attemptSignal(attemptOf().context, 1);
    expect(isTimedOut()).toBe(false);
    await once(signal, "abort");
    expect(signal.reason).toMatchObject({ name: "TimeoutError" });
    expect(isTimedOut()).toBe(true);
  });

  it.each([
    ["0, which is none", 0],
    ["more than a timer counts to", 2 ** 31],
    ["more than AbortSignal takes", 2 ** 32],
    ["10 years", 10 * 365 * 24 * hour],
  ])("goes on, when the limit is %s, after that of another one is over", async (_, limitMs) => {
    const { context } = attemptOf();
    const long = attemptSignal(context, limitMs);
    const short = attemptSignal(context, 1);
    await once(short.signal, "abort");
    expect(long.signal.aborted).toBe(false);
    expect(long.isTimedOut()).toBe(false);
  });
});
