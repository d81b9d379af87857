import { Client, Connection } from "@temporalio/client";
import { defaultPayloadConverter, type PayloadCodec, toPayloads } from "@temporalio/common";
import { msToTs } from "@temporalio/common/lib/time.js";
import { afterAll, expect, test } from "vitest";
import {
  type PendingActivity,
  pendingWait,
} from "../../../src/temporal/open-handshakes/pending-wait.js";

// Never asked: what it is needed for is its data converter.
const connection = Connection.lazy({ address: "127.0.0.1:1" });
const client = new Client({ connection });
afterAll(() => connection.close());

const start = Date.parse("2026-01-01T12:00:00Z");
const at = (seconds: number) => msToTs(start + seconds * 1000);
const [scheduled, started, paused] = [1, 2, 4];
const heartbeatTimeout = { timeoutFailureInfo: { timeoutType: 4 } };

function activity(of: PendingActivity = {}): PendingActivity {
  return {
    state: started,
    attempt: 1,
    scheduledTime: at(0),
    lastStartedTime: at(0),
    lastHeartbeatTime: at(1),
    expirationTime: at(3600),
    activityOptions: {
      heartbeatTimeout: msToTs(20_000),
      scheduleToCloseTimeout: msToTs(3_600_000),
    },
    heartbeatDetails: details({ executionId: "wex-1" }),
    ...of,
  };
}

function details(value: unknown) {
  return { payloads: toPayloads(defaultPayloadConverter, value) ?? [] };
}

const wait = (of?: PendingActivity, seconds = 5, from = client) =>
  pendingWait(activity(of), from, start + seconds * 1000);

test("a wait is as old as all of its attempts together", async () => {
  const third = { attempt: 3, scheduledTime: at(900), lastStartedTime: at(900) };
  expect(await wait(third, 1000)).toMatchObject({
    waitingSince: new Date(start),
    deadline: new Date(start + 3_600_000),
    executionId: "wex-1",
  });
});

test("a wait is as old as its attempt to servers that do not tell its timeouts", async () => {
  const old = { activityOptions: null, scheduledTime: at(900) };
  expect(await wait(old, 1000)).toMatchObject({ waitingSince: new Date(start + 900_000) });
});

test.each([
  ["the caller alone", 19, false],
  ["the runner, for the caller would have been out of time", 21, true],
])("a heartbeat is of %s", async (_, seconds, isHeard) => {
  const of = { lastHeartbeatTime: at(seconds), lastFailure: heartbeatTimeout, attempt: 2 };
  expect(await wait(of, 30)).toMatchObject({ isHeard, isSilent: !isHeard });
});

test("a heartbeat timeout is a minute to servers that do not tell it", async () => {
  const of = { lastHeartbeatTime: at(59), activityOptions: null };
  expect(await wait(of)).toMatchObject({ isHeard: false });
  expect(await wait({ ...of, lastHeartbeatTime: at(61) })).toMatchObject({ isHeard: true });
});

test("an attempt that is out of time for another reason says nothing of the runner", async () => {
  const lastFailure = { timeoutFailureInfo: { timeoutType: 1 } };
  expect(await wait({ lastFailure })).toMatchObject({ isSilent: false, failure: undefined });
});

test.each<[string, PendingActivity, number, string | undefined]>([
  ["that waits for a worker for a moment", { state: scheduled }, 9, undefined],
  ["that waits for a worker", { state: scheduled }, 11, "due"],
  ["whose next attempt is not due", { state: scheduled, scheduledTime: at(600) }, 500, undefined],
  ["that is paused", { state: paused }, 5, "paused"],
  ["that is paused between two attempts", { state: scheduled, paused: true }, 5, "paused"],
  ["in a worker", { state: started }, 500, undefined],
])("an activity %s", async (_, of, seconds, untaken) => {
  expect(await wait(of, seconds)).toMatchObject({ untaken });
});

test("what an attempt has failed with is told without bytes, on one line", async () => {
  const token = Buffer.from(crypto.getRandomValues(new Uint8Array(132))).toString("base64");
  const lastFailure = {
    message: `no\nservice ${token}`,
    applicationFailureInfo: { type: "ConnectError" },
  };
  expect(await wait({ lastFailure })).toMatchObject({
    failure: "ConnectError: no service [bytes]",
    isSilent: false,
  });
});

test.each([undefined, null, "wex-1", { executionId: 7 }, { executionId: "" }])(
  "heartbeat details without an id: %j",
  async (value) => {
    expect(await wait({ heartbeatDetails: details(value) })).toMatchObject({
      executionId: undefined,
      unreadable: undefined,
    });
  },
);

test("heartbeat details are decoded by the codecs of the client, the last one first", async () => {
  const wrapping = (name: string): PayloadCodec => ({
    encode: async (payloads) =>
      payloads.map((payload) => ({ metadata: { by: Buffer.from(name) }, inner: payload }) as never),
    decode: async (payloads) =>
      payloads.map((payload) => {
        if (String(payload.metadata?.by) !== name) throw new Error(`not by ${name}`);
        return (payload as unknown as { inner: typeof payload }).inner;
      }),
  });
  const codecs = [wrapping("first"), wrapping("second")];
  const coded = new Client({ connection, dataConverter: { payloadCodecs: codecs } });
  let { payloads } = details({ executionId: "wex-1" });
  for (const codec of codecs) payloads = await codec.encode(payloads);
  const heartbeatDetails = { payloads };
  expect(await wait({ heartbeatDetails }, 5, coded)).toMatchObject({ executionId: "wex-1" });
  expect(await wait({ heartbeatDetails })).toMatchObject({
    executionId: undefined,
    unreadable: expect.stringMatching(/^heartbeat details: /),
  });
});

test("an error of a codec shows no bytes", async () => {
  const shown = Buffer.from("of a token that nobody may see in a list").toString("base64");
  const decode = async (): Promise<never> => {
    throw new Error(`unknown key for ${shown}`);
  };
  const codec: PayloadCodec = { encode: async (payloads) => payloads, decode };
  const coded = new Client({ connection, dataConverter: { payloadCodecs: [codec] } });
  expect(await wait({}, 5, coded)).toMatchObject({
    unreadable: "heartbeat details: unknown key for [bytes]",
  });
});
