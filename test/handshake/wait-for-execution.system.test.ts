import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createExecutionService } from "../../src/testing/index.js";
import {
  type ConnectionOptions,
  EXECUTION_COMPLETED,
  EXECUTION_IN_PROGRESS,
  end,
  endings,
  handshakeRefusal,
  httpVersions,
  idOf,
  inMemory,
  kinds,
  newToken,
  refusal,
  rejection,
  soon,
} from "../testing/fixtures.js";

const cases = httpVersions.flatMap((http) =>
  kinds.map((kind) => ({ ...http, kind, name: kind.name })),
);

describe.each(cases)("waiting for a $name over HTTP/$version", ({ open, kind }) => {
  async function connect(options: ConnectionOptions = {}) {
    const service = createExecutionService();
    const connection = await open(service, options);
    const client = kind.connect(connection.transport);
    /** Reaches the service also while the server is away. */
    const local = kind.connect((await inMemory(service)).transport);
    const id = idOf(await local.create(kind.valid({ token: newToken() })));
    const streams = (count: number) =>
      vi.waitFor(() => expect(connection.openStreams()).toBe(count), soon);
    return { ...connection, client, local, id, streams };
  }

  it.each(endings)("returns the status of one that has $outcome already", async ({ phase }) => {
    const { client, id } = await connect();
    const { status } = await end(client, id, phase, "why");
    expect(await client.wait(id)).toEqual(status);
  });

  it.each(endings)("returns the status once it has $outcome", async ({ phase }) => {
    const { client, id, streams } = await connect();
    const waiting = client.wait(id);
    await streams(1);
    const { status } = await end(client, id, phase, "why");
    expect(await waiting).toEqual(status);
    await streams(0);
  });

  it("survives that the server is killed and started again", async () => {
    const { client, local, id, streams, kill, restart } = await connect();
    const waiting = client.wait(id);
    for (let i = 0; i < 2; i++) {
      await streams(1);
      await kill();
      await streams(0);
      await restart();
    }
    await streams(1);
    await local.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
    const { status } = await end(local, id, EXECUTION_COMPLETED);
    expect(await waiting).toEqual(status);
  });

  it("misses nothing when the execution ends while the server is away", async () => {
    const { client, local, id, streams, kill, restart } = await connect();
    const waiting = client.wait(id);
    await streams(1);
    await kill();
    const { status } = await end(local, id, EXECUTION_COMPLETED);
    await restart();
    expect(await waiting).toEqual(status);
  });

  it("opens a stream again that ends before the execution has", async () => {
    let streamed = 0;
    const { client, id, streams } = await connect({
      async *onSubscribe(states) {
        for await (const state of states) {
          yield state;
          if (++streamed <= 3) return;
        }
      },
    });
    const waiting = client.wait(id);
    await vi.waitFor(() => expect(streamed).toBe(4), soon);
    await streams(1);
    const { status } = await end(client, id, EXECUTION_COMPLETED);
    expect(await waiting).toEqual(status);
  });

  it.each([
    { what: "ends without the end of the stream", status: 200, body: undefined },
    {
      what: "ends in the middle of a message",
      status: 200,
      body: Uint8Array.of(0, 0, 0, 0, 99, 1),
    },
    { what: "answers with 503", status: 503, body: undefined },
  ])("opens a stream again that a proxy $what", async (answered) => {
    let opened = 0;
    const { client, local, id } = await connect({
      answer: (response) => {
        if (++opened > 2) return false;
        response.writeHead(answered.status, { "content-type": "application/connect+proto" });
        response.end(answered.body);
        return true;
      },
    });
    const { status } = await end(local, id, EXECUTION_COMPLETED);
    expect(await client.wait(id)).toEqual(status);
    expect(opened).toBe(3);
  });

  it("gives up at once when it is not allowed to read the execution", async () => {
    let opened = 0;
    const { client, id } = await connect({
      onSubscribe: () => {
        opened++;
        throw new ConnectError("not for you", Code.PermissionDenied);
      },
    });
    await refusal(client.wait(id), Code.PermissionDenied);
    expect(opened).toBe(1);
  });

  it("gives up at once when there is no such execution", async () => {
    const { client } = await connect();
    await refusal(client.wait(`${kind.idPrefix}-missing`), Code.NotFound);
  });

  it("ends with the signal's reason before it begins", async () => {
    const { client, id, openStreams } = await connect();
    const reason = new Error("changed my mind");
    expect(await rejection(client.wait(id, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(openStreams()).toBe(0);
  });

  it("ends with the signal's reason while it waits, and closes the stream", async () => {
    const { client, id, streams } = await connect();
    const stop = new AbortController();
    const waiting = rejection(client.wait(id, { signal: stop.signal }));
    await streams(1);
    expect(getEventListeners(stop.signal, "abort")).not.toEqual([]);
    const reason = new Error("changed my mind");
    stop.abort(reason);
    expect(await waiting).toBe(reason);
    await streams(0);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });

  it("ends with the signal's reason while the server is away", async () => {
    const { client, id, streams, kill } = await connect();
    const stop = new AbortController();
    const waiting = rejection(client.wait(id, { signal: stop.signal }));
    await streams(1);
    await kill();
    await streams(0);
    const reason = new Error("changed my mind");
    stop.abort(reason);
    expect(await waiting).toBe(reason);
  });

  it("ends at its deadline, and closes the stream", async () => {
    const { client, id, streams } = await connect();
    const deadline = new Date(Date.now() + 300);
    const error = await handshakeRefusal(client.wait(id, { deadline }), "deadline-exceeded");
    expect(Date.now()).toBeGreaterThanOrEqual(deadline.getTime());
    expect(error.message).toContain(id);
    expect(error.message).toContain(deadline.toISOString());
    await streams(0);
  });

  it("does not begin after its deadline", async () => {
    const { client, id, openStreams } = await connect();
    const wait = client.wait(id, { deadline: new Date(Date.now() - 1) });
    await handshakeRefusal(wait, "deadline-exceeded");
    expect(openStreams()).toBe(0);
  });
});

describe.each(kinds)("waiting for a $name", (kind) => {
  afterEach(() => void vi.useRealTimers());

  async function connect(options: ConnectionOptions = {}) {
    const { transport, openStreams } = await inMemory(createExecutionService(), options);
    const client = kind.connect(transport);
    const id = idOf(await client.create(kind.valid({ token: newToken() })));
    const isOpen = async () => {
      while (openStreams() === 0) await setImmediate();
    };
    return { client, id, isOpen };
  }

  it.each([
    Code.Unavailable,
    Code.Aborted,
    Code.Internal,
    Code.Unknown,
    Code.DeadlineExceeded,
    Code.ResourceExhausted,
    Code.Canceled,
  ])("tries again after an error that may pass, code %i", async (code) => {
    let opened = 0;
    const { client, id } = await connect({
      onSubscribe: (states) => {
        if (++opened === 1) throw new ConnectError("not now", code);
        return states;
      },
    });
    const { status } = await end(client, id, EXECUTION_COMPLETED);
    expect(await client.wait(id)).toEqual(status);
    expect(opened).toBe(2);
  });

  it.each([Code.NotFound, Code.PermissionDenied, Code.Unauthenticated, Code.Unimplemented])(
    "gives up at once after an error that stays, code %i",
    async (code) => {
      let opened = 0;
      const { client, id } = await connect({
        onSubscribe: () => {
          opened++;
          throw new ConnectError("never", code);
        },
      });
      await refusal(client.wait(id), code);
      expect(opened).toBe(1);
    },
  );

  it.each(["", "wf-1", "WEX-1", " wex-1"])("refuses the id %j", async (id) => {
    const { client } = await connect();
    const error = await handshakeRefusal(client.wait(id), "wrong-id");
    expect(error.message).toContain(JSON.stringify(id));
  });

  it("refuses an invalid deadline, and lets go of the signal", async () => {
    const { client, id } = await connect();
    const { signal } = new AbortController();
    const deadline = new Date(Number.NaN);
    expect(await rejection(client.wait(id, { deadline, signal }))).toBeInstanceOf(RangeError);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("may last longer than the longest timer", async () => {
    const day = 24 * 3600 * 1000;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const { client, id, isOpen } = await connect();
    let waits = true;
    const deadline = new Date(Date.now() + 60 * day);
    const waiting = handshakeRefusal(client.wait(id, { deadline }), "deadline-exceeded").finally(
      () => {
        waits = false;
      },
    );
    await isOpen();
    await vi.advanceTimersByTimeAsync(59 * day);
    await setImmediate();
    expect(waits).toBe(true);
    await vi.advanceTimersByTimeAsync(day);
    await waiting;
  });

  it("leaves no timer and no listener behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { client, id, isOpen } = await connect();
    const stop = new AbortController();
    const options = { deadline: new Date(Date.now() + 60_000), signal: stop.signal };
    const isClean = () => {
      expect(vi.getTimerCount()).toBe(0);
      expect(getEventListeners(stop.signal, "abort")).toEqual([]);
    };
    const waiting = client.wait(id, options);
    await isOpen();
    expect(vi.getTimerCount()).toBe(1);
    await end(client, id, EXECUTION_COMPLETED);
    await waiting;
    isClean();
    await refusal(client.wait(`${kind.idPrefix}-missing`, options), Code.NotFound);
    isClean();
    await handshakeRefusal(client.wait("wf-1", options), "wrong-id");
    isClean();
  });

  it("leaves no timer behind when it is given up between two tries", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { client, id } = await connect({
      onSubscribe: () => {
        throw new ConnectError("not now", Code.Unavailable);
      },
    });
    const stop = new AbortController();
    const waiting = rejection(client.wait(id, { signal: stop.signal }));
    while (vi.getTimerCount() === 0) await setImmediate();
    stop.abort(new Error("enough"));
    expect(await waiting).toMatchObject({ message: "enough" });
    expect(vi.getTimerCount()).toBe(0);
  });
});
