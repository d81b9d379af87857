import { getEventListeners } from "node:events";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AgentExecutionQueryController } from "../../src/agentexecution/v1.js";
import type { Execution } from "../../src/execution/execution.js";
import { waitForExecution } from "../../src/handshake/index.js";
import type { ExecutionService } from "../../src/testing/index.js";
import { createExecutionService } from "../../src/testing/index.js";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "../../src/workflowexecution/v1.js";
import {
  handshakeRefusal,
  inMemory,
  overHttp,
  refusal,
  rejection,
  soon,
} from "../testing/fixtures.js";

afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => {});

function stateOf(phase: ExecutionPhase, id = "wex-1"): WorkflowExecution {
  return create(WorkflowExecutionSchema, { metadata: { id }, status: { phase } });
}

const { EXECUTION_COMPLETED, EXECUTION_IN_PROGRESS, EXECUTION_PHASE_UNSPECIFIED } = ExecutionPhase;

/** A client whose streams bring these states and then do as they are told. */
function subscriber(states: WorkflowExecution[], then: Partial<AsyncIterator<WorkflowExecution>>) {
  let opened = 0;
  const subscribe = () => {
    opened++;
    const left = [...states];
    const next = async (): Promise<IteratorResult<WorkflowExecution>> => {
      const value = left.shift();
      if (value !== undefined) return { done: false, value };
      return then.next?.() ?? { done: true, value: undefined };
    };
    return { [Symbol.asyncIterator]: () => ({ ...then, next }) };
  };
  return { subscribe, opened: () => opened };
}

describe("a subscriber that listens to nobody", () => {
  const deaf = () => subscriber([], { next: () => never, return: () => never });

  it("does not keep a wait from its deadline", async () => {
    const deadline = new Date(Date.now() + 20);
    await handshakeRefusal(waitForExecution("wex-1", deaf(), { deadline }), "deadline-exceeded");
  });

  it("does not keep a wait from its signal", async () => {
    const stop = new AbortController();
    const client = deaf();
    const waiting = rejection(waitForExecution("wex-1", client, { signal: stop.signal }));
    await vi.waitFor(() => expect(client.opened()).toBe(1), soon);
    const reason = new Error("changed my mind");
    stop.abort(reason);
    expect(await waiting).toBe(reason);
  });

  it.each<[string, () => Promise<never>]>([
    ["hangs", () => never],
    ["fails", () => Promise.reject(new Error("cannot close"))],
  ])("does not keep a terminal status back when its end %s", async (_, close) => {
    const client = subscriber([stateOf(EXECUTION_COMPLETED)], { return: close });
    expect(await waitForExecution("wex-1", client)).toMatchObject({ phase: EXECUTION_COMPLETED });
  });
});

describe("a wait", () => {
  it("shares one listener on a signal with all others, and takes it away with the last", async () => {
    const stop = new AbortController();
    const { signal } = stop;
    const client = subscriber([], { next: () => never });
    const waits = Array.from({ length: 30 }, () =>
      rejection(waitForExecution("wex-1", client, { signal })),
    );
    await vi.waitFor(() => expect(client.opened()).toBe(30), soon);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    const ended = waitForExecution("wex-1", subscriber([stateOf(EXECUTION_COMPLETED)], {}), {
      signal,
    });
    await ended;
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    const reason = new Error("enough");
    stop.abort(reason);
    expect(await Promise.all(waits)).toEqual(Array(30).fill(reason));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("leaves nothing on a signal that it opens many streams for", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const signals: AbortSignal[] = [];
    const stop = new AbortController();
    const client = {
      subscribe: (_: unknown, options?: { signal?: AbortSignal }) => {
        if (options?.signal) signals.push(options.signal);
        throw new ConnectError("not now", Code.Unavailable);
      },
    };
    const waiting = rejection(waitForExecution("wex-1", client, { signal: stop.signal }));
    while (signals.length < 15) await vi.advanceTimersByTimeAsync(10_000);
    expect(new Set(signals).size).toBe(signals.length);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
    stop.abort(new Error("enough"));
    await waiting;
  });

  it("does not take the end of another execution for that of its own", async () => {
    const client = subscriber([stateOf(EXECUTION_COMPLETED, "wex-2")], {});
    const error = await handshakeRefusal(waitForExecution("wex-1", client), "wrong-id");
    expect(error.message).toBe('expected the state of wex-1, got that of "wex-2"');
  });

  it("does not take a phase that is not specified for an end", async () => {
    const states = [EXECUTION_PHASE_UNSPECIFIED, EXECUTION_COMPLETED].map((phase) =>
      stateOf(phase),
    );
    const status = await waitForExecution("wex-1", subscriber(states, {}));
    expect(status.phase).toBe(EXECUTION_COMPLETED);
  });

  it("waits longer and longer for a server whose streams end at once, whatever they bring", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    vi.spyOn(Math, "random").mockReturnValue(1);
    try {
      const states = Array.from({ length: 5 }, () => stateOf(EXECUTION_IN_PROGRESS));
      const client = subscriber(states, {});
      const stop = new AbortController();
      const waiting = rejection(waitForExecution("wex-1", client, { signal: stop.signal }));
      await vi.advanceTimersByTimeAsync(100_000);
      // 0.1 s, doubled up to 10 s: 7 within the first 10 s, then 1 for every 10 s.
      expect(client.opened()).toBeLessThan(20);
      stop.abort(new Error("enough"));
      await waiting;
    } finally {
      vi.restoreAllMocks();
    }
  });

  it("is prompt again after a stream that has lasted", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    let opened = 0;
    const client = {
      async *subscribe() {
        opened++;
        if (opened === 10) await new Promise((resolve) => setTimeout(resolve, 10_000));
        if (opened === 11) yield stateOf(EXECUTION_COMPLETED);
      },
    };
    const waiting = waitForExecution("wex-1", client);
    while (opened < 10) await vi.advanceTimersByTimeAsync(1000);
    await vi.advanceTimersByTimeAsync(10_000 + 100);
    expect(opened).toBe(11);
    await waiting;
  });

  it("goes on where signals have neither a reason nor throwIfAborted, as in React Native", async () => {
    const names = ["reason", "throwIfAborted"] as const;
    const before = names.map(
      (name) => [name, Object.getOwnPropertyDescriptor(AbortSignal.prototype, name)] as const,
    );
    for (const [name] of before) Reflect.deleteProperty(AbortSignal.prototype, name);
    try {
      const client = subscriber([stateOf(EXECUTION_COMPLETED)], {});
      expect(await waitForExecution("wex-1", client)).toMatchObject({ phase: EXECUTION_COMPLETED });
      const stop = new AbortController();
      const { signal } = stop;
      const waiting = rejection(
        waitForExecution("wex-1", subscriber([], { next: () => never }), { signal }),
      );
      stop.abort();
      expect(await waiting).toMatchObject({ name: "AbortError" });
      const deadline = new Date(Date.now() + 20);
      const late = waitForExecution("wex-1", subscriber([], { next: () => never }), { deadline });
      await handshakeRefusal(late, "deadline-exceeded");
    } finally {
      for (const [name, descriptor] of before) {
        Object.defineProperty(AbortSignal.prototype, name, descriptor as PropertyDescriptor);
      }
    }
  });

  it("asks a client of the other kind for the id that it was given", async () => {
    const { transport } = await inMemory(createExecutionService());
    const workflows = createClient(WorkflowExecutionQueryController, transport);
    const agents = createClient(AgentExecutionQueryController, transport);
    const one = await refusal(waitForExecution("aex-1", workflows), Code.NotFound);
    expect(one.rawMessage).toBe("aex-1 does not exist");
    const other = await refusal(waitForExecution("wex-1", agents), Code.NotFound);
    expect(other.rawMessage).toBe("wex-1 does not exist");
  });
});

const transports: [string, (baseUrl: string) => Transport][] = [
  ["Connect", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" })],
  ["gRPC", (baseUrl) => createGrpcTransport({ baseUrl })],
  ["gRPC-Web", (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "2" })],
];

describe.each(transports)("over %s", (_, transportTo) => {
  it("a message that cannot be decoded ends a wait, and is asked for once", async () => {
    let struct = {};
    for (let i = 0; i < 60; i++) struct = { a: struct };
    let asked = 0;
    const service: Pick<ExecutionService, "routes"> = {
      routes: (router) =>
        router.service(WorkflowExecutionQueryController, {
          async *subscribe() {
            asked++;
            yield create(WorkflowExecutionSchema, {
              metadata: { id: "wex-1" },
              status: { output: struct },
            }) as Execution;
          },
        } as never),
    };
    const { baseUrl } = await overHttp("2")(service as ExecutionService);
    const client = createClient(WorkflowExecutionQueryController, transportTo(baseUrl));
    const error = await refusal(waitForExecution("wex-1", client), Code.Internal);
    expect(error.rawMessage).toMatch(/cannot decode .*recursion depth/);
    expect(asked).toBe(1);
  });
});
