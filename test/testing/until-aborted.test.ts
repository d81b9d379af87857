import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { untilAborted } from "../../src/testing/until-aborted.js";

const never = new Promise<never>(() => {});
const reason = new Error("enough");

test("gives what the promise gives and lets go of the signal", async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve(7), signal)).toBe(7);
  const error = new Error("no");
  await expect(untilAborted(Promise.reject(error), signal)).rejects.toBe(error);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("ends with the reason of a signal that is aborted before or meanwhile", async () => {
  await expect(untilAborted(never, AbortSignal.abort(reason))).rejects.toBe(reason);
  const abort = new AbortController();
  const waiting = untilAborted(never, abort.signal);
  abort.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
