import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { HandshakeError } from "../../src/handshake/index.js";
import {
  isAlreadyExists,
  isFailedPrecondition,
  isTransient,
} from "../../src/handshake/status-code.js";

const codes = Object.values(Code).filter((code) => typeof code === "number");

test("a call is made again after the errors that may pass, and no others", () => {
  const transient = codes.filter((code) => isTransient(new ConnectError("no", code)));
  expect(transient.map((code) => Code[code])).toEqual([
    "Canceled",
    "Unknown",
    "DeadlineExceeded",
    "ResourceExhausted",
    "Aborted",
    "Internal",
    "Unavailable",
  ]);
});

test("a stream that Connect finds cut off may be opened again", () => {
  const cutOff = "protocol error: missing EndStreamResponse";
  expect(isTransient(new ConnectError(cutOff, Code.InvalidArgument))).toBe(true);
});

test("a refusal stays one, whatever its text is", () => {
  const text = "the protocol error log is not for you";
  expect(isTransient(new ConnectError(text, Code.PermissionDenied))).toBe(false);
});

test("a precondition and an id that is taken are told from each other", () => {
  const one = (is: (error: unknown) => boolean) =>
    codes.filter((code) => is(new ConnectError("no", code))).map((code) => Code[code]);
  expect(one(isAlreadyExists)).toEqual(["AlreadyExists"]);
  expect(one(isFailedPrecondition)).toEqual(["FailedPrecondition"]);
});

test.each([
  undefined,
  "14",
  { code: 14 },
  new Error("no"),
  Object.assign(new Error("no"), { code: "14" }),
  new HandshakeError("unavailable", "no"),
])("%o has no code of an RPC", (error) => {
  expect(isTransient(error)).toBe(false);
});
