import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { copyOf } from "../../src/execution/copy-of.js";
import type { Execution } from "../../src/execution/execution.js";
import { armExecution } from "../../src/handshake/arm-execution.js";
import {
  type CallbackToken,
  clearCallbackToken,
  getCallbackToken,
  setCallbackToken,
} from "../../src/token/index.js";
import {
  EXECUTION_IN_PROGRESS,
  endings,
  handshakeRefusal,
  kinds,
  newToken,
  present,
  refusal,
} from "../testing/fixtures.js";

const refused = new ConnectError("spec is immutable", Code.FailedPrecondition);

/** A service of one execution, which takes every update unless it is told otherwise. */
function serve(first: Execution) {
  const written: Execution[] = [];
  let reads = 0;
  const service = {
    stored: copyOf(first),
    /** What becomes of an update. */
    onUpdate: (next: Execution): void => {
      service.stored = { ...copyOf(next), status: service.stored.status } as Execution;
    },
    /** What a reader sees. */
    shown: (execution: Execution): Execution => execution,
    written,
    reads: () => reads,
    get: async () => {
      reads++;
      return service.shown(copyOf(service.stored));
    },
    create: async (): Promise<never> => expect.fail("expected no create"),
    update: async (next: Execution) => {
      written.push(copyOf(next));
      service.onUpdate(next);
      return copyOf(service.stored);
    },
  };
  return service;
}

function withheld(execution: Execution): Execution {
  clearCallbackToken(execution);
  for (const entry of Object.values(present(execution.spec).runtimeEnv)) entry.value = "";
  return execution;
}

function rotated(execution: Execution): Execution {
  for (const entry of Object.values(present(execution.spec).runtimeEnv)) entry.value = "rotated";
  return execution;
}

describe.each(kinds)("arming a $name that was found", (kind) => {
  const id = `${kind.idPrefix}-1`;
  const request = () => kind.valid({ id });
  const found = (token: CallbackToken = newToken()) =>
    kind.valid({ id, token, status: { phase: EXECUTION_IN_PROGRESS } });

  it("writes nothing when the token is there already", async () => {
    const token = newToken();
    const service = serve(found(token));
    const armed = await armExecution(found(token), request(), token, {
      commands: service,
      queries: service,
    });
    expect(getCallbackToken(armed)).toEqual(token);
    expect(service.written).toEqual([]);
    expect(service.reads()).toBe(0);
  });

  it.each(endings)("writes nothing when it has $outcome", async ({ phase }) => {
    const ended = kind.valid({ id, token: newToken(), status: { phase } });
    const service = serve(ended);
    expect(
      await armExecution(ended, request(), newToken(), { commands: service, queries: service }),
    ).toBe(ended);
    expect(service.written).toEqual([]);
  });

  it("writes what was found, with no other difference than the token, and no status", async () => {
    const first = found();
    Object.assign(present(first.metadata), { labels: { team: "night" } });
    const service = serve(first);
    const token = newToken();
    const armed = await armExecution(first, request(), token, {
      commands: service,
      queries: service,
    });
    const expected = copyOf(first);
    setCallbackToken(expected, token);
    expect(armed).toEqual(expected);
    delete expected.status;
    expect(service.written).toEqual([expected]);
  });

  it("does not change what it is given", async () => {
    const [first, asked] = [withheld(found()), request()];
    const before = [copyOf(first), copyOf(asked)];
    const service = serve(found());
    await armExecution(first, asked, newToken(), { commands: service, queries: service });
    expect([first, asked]).toEqual(before);
  });

  it("takes a token that it is not shown to be there once it has been written", async () => {
    const service = serve(found());
    service.shown = withheld;
    const token = newToken();
    const first = await service.get();
    await armExecution(first, request(), token, { commands: service, queries: service });
    expect(service.written).toHaveLength(1);
    expect(getCallbackToken(service.stored)).toEqual(token);
    // Secrets that are withheld here are those of the request, and not erased.
    expect(present(service.stored.spec).runtimeEnv).toEqual(present(request().spec).runtimeEnv);
  });

  it("leaves secrets that were rotated to a service that keeps them itself", async () => {
    const first = rotated(found());
    const service = serve(first);
    service.shown = withheld;
    service.onUpdate = (next) => {
      const env = present(next.spec).runtimeEnv;
      if (Object.values(env).some(({ value }) => value !== "")) throw refused;
      setCallbackToken(service.stored, present(getCallbackToken(next)));
    };
    const token = newToken();
    await armExecution(await service.get(), request(), token, {
      commands: service,
      queries: service,
    });
    expect(service.written).toHaveLength(2);
    expect(getCallbackToken(service.stored)).toEqual(token);
    expect(present(service.stored.spec).runtimeEnv).toEqual(present(first.spec).runtimeEnv);
  });

  it("is refused as the service refuses it when there is nothing else to try", async () => {
    const service = serve(found());
    service.onUpdate = () => {
      throw refused;
    };
    const arming = armExecution(found(), request(), newToken(), {
      commands: service,
      queries: service,
    });
    await refusal(arming, Code.FailedPrecondition);
    expect(service.written).toHaveLength(1);
  });

  it.each(endings)("finds it $outcome when it ends at the moment of the write", async (ending) => {
    const first = found();
    const ended = kind.valid({
      id,
      token: present(getCallbackToken(first)),
      status: { phase: ending.phase },
    });
    for (const shown of [(execution: Execution) => execution, withheld]) {
      const service = serve(first);
      service.shown = shown;
      const before = await service.get();
      service.onUpdate = () => {
        service.stored = ended;
        throw refused;
      };
      const result = await armExecution(before, request(), newToken(), {
        commands: service,
        queries: service,
      });
      expect(result.status).toEqual(ended.status);
      expect(service.written).toHaveLength(1);
    }
  });

  it("stops when it is deleted and made anew for another request in between", async () => {
    const service = serve(found());
    service.onUpdate = () => {
      present(service.stored.metadata).org = "another";
    };
    const arming = armExecution(found(), request(), newToken(), {
      commands: service,
      queries: service,
    });
    await handshakeRefusal(arming, "id-taken");
    expect(service.written).toHaveLength(1);
  });

  it("gives up, after a while and a few writes, when each is replaced", async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    onTestFinished(() => {
      vi.useRealTimers();
      vi.restoreAllMocks();
    });
    const service = serve(found());
    service.onUpdate = () => setCallbackToken(service.stored, newToken());
    const start = Date.now();
    const arming = armExecution(found(), request(), newToken(), {
      commands: service,
      queries: service,
    });
    arming.catch(() => {});
    await vi.runAllTimersAsync();
    const error = await handshakeRefusal(arming, "contended");
    expect(error.message).toContain(id);
    expect(service.written).toHaveLength(6);
    expect(service.reads()).toBe(6);
    // No hot loop, and no activity that is held for long.
    expect(Date.now() - start).toBeGreaterThan(1_000);
    expect(Date.now() - start).toBeLessThan(20_000);
  });
});
