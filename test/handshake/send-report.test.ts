import { describe, expect, it, onTestFinished, vi } from "vitest";
import { HandshakeError } from "../../src/handshake/index.js";
import { sendReport } from "../../src/handshake/send-report.js";
import type { CallbackToken } from "../../src/token/index.js";
import { handshakeRefusal, newToken, rejection } from "../testing/fixtures.js";

/** Timers that pass at once, and how long they would have taken in all. */
function passTimers() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const start = Date.now();
  return {
    waited: () => Date.now() - start,
    passed: async <T>(promise: Promise<T>) => {
      promise.catch(() => {});
      await vi.runAllTimersAsync();
      return promise;
    },
  };
}

describe("a report that is settled", () => {
  /** An engine that knows the activity by one token only, or by none. */
  function engine(alive?: CallbackToken) {
    const used: CallbackToken[] = [];
    const report = async (token: CallbackToken) => {
      used.push(token);
      return token === alive ? ("settled" as const) : ("not-found" as const);
    };
    return { used, report };
  }

  it("is made once, and reads nothing, when the activity waits", async () => {
    const token = newToken();
    const { used, report } = engine(token);
    const settled = sendReport(token, report, () => expect.fail("expected no read"));
    expect(await settled).toBe("reported");
    expect(used).toEqual([token]);
  });

  it("is made again at once with the token that the execution has now", async () => {
    const [first, second] = [newToken(), newToken()];
    const { used, report } = engine(second);
    const { waited, passed } = passTimers();
    expect(await passed(sendReport(first, report, async () => second))).toBe("reported");
    expect(used).toEqual([first, second]);
    expect(waited()).toBe(0);
  });

  it("is of no use when the execution has the same token, or was deleted", async () => {
    const token = newToken();
    for (const now of [Uint8Array.from(token) as CallbackToken, undefined]) {
      const { used, report } = engine();
      expect(await sendReport(token, report, async () => now)).toBe("already-settled");
      expect(used).toEqual([token]);
    }
  });

  it("ends as contended, after a while and a few tokens, when each is replaced", async () => {
    const { used, report } = engine();
    let reads = 0;
    const { waited, passed } = passTimers();
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    onTestFinished(() => void vi.restoreAllMocks());
    const settling = sendReport(newToken(), report, async () => {
      reads++;
      return newToken();
    });
    const error = await handshakeRefusal(passed(settling), "contended");
    expect(error).toBeInstanceOf(HandshakeError);
    expect(used).toHaveLength(7);
    expect(new Set(used).size).toBe(7);
    expect(reads).toBe(7);
    // No hot loop, and no activity that is held for long.
    expect(waited()).toBeGreaterThan(1_000);
    expect(waited()).toBeLessThan(20_000);
  });

  it("fails as the engine or the reader does", async () => {
    const error = new HandshakeError("unavailable", "away");
    const failing = async (): Promise<never> => {
      throw error;
    };
    expect(await rejection(sendReport(newToken(), failing, failing))).toBe(error);
    expect(await rejection(sendReport(newToken(), engine().report, failing))).toBe(error);
  });
});
