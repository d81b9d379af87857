import { getEventListeners } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sleep } from "../../src/handshake/sleep.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

test("ends after its time and lets go of the signal", async () => {
  const { signal } = new AbortController();
  let isOver = false;
  const sleeping = sleep(1_000, signal).then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await sleeping;
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test.each(["before it begins", "while it lasts"])(
  "ends without a timer when aborted %s",
  async (when) => {
    const abort = new AbortController();
    const reason = new Error("enough");
    if (when === "before it begins") abort.abort(reason);
    const sleeping = sleep(1_000, abort.signal);
    abort.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  },
);
