import { describe, expect, it } from "vitest";
import {
  failureLine,
  isHeartbeatTimeout,
  isTimeout,
} from "../../../src/temporal/open-handshakes/failure-line.js";

describe("a failure on a line", () => {
  it.each([
    ["ConnectError: no service", "ConnectError", "no\n\tservice"],
    ["no service", undefined, "no service"],
    ["TooLarge", "TooLarge", ""],
  ])("is %s", (line, type, message) => {
    expect(failureLine({ applicationFailureInfo: { type }, message } as never)).toBe(line);
  });

  it("shows no token", () => {
    const token = Buffer.from(crypto.getRandomValues(new Uint8Array(132))).toString("base64");
    expect(failureLine({ message: `refused: ${token}` })).toBe("refused: [bytes]");
  });

  it("is short, however long its text is", () => {
    expect(failureLine({ message: "too large ".repeat(1000) })).toHaveLength(301);
  });
});

it.each([
  [1, true, false],
  [2, true, false],
  [3, true, false],
  [4, true, true],
])("timeout type %i", (timeoutType, timeout, ofHeartbeat) => {
  const failure = { timeoutFailureInfo: { timeoutType } };
  expect([isTimeout(failure), isHeartbeatTimeout(failure)]).toEqual([timeout, ofHeartbeat]);
});

it.each([undefined, null, {}, { applicationFailureInfo: { type: "TooLarge" } }])(
  "no timeout: %j",
  (failure) => {
    expect(isHeartbeatTimeout(failure)).toBe(false);
    expect(isTimeout(failure ?? {})).toBe(false);
  },
);
