import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { HandshakeError } from "../../src/handshake/index.js";
import {
  isDuplicate,
  isFailedPrecondition,
  isTooLarge,
  isTransient,
  isUnreadable,
  mayHaveTakenEffect,
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

test.each([
  "parse binary: cannot decode message google.protobuf.Struct from binary: maximum recursion depth",
  "Response message parsing error: invalid wire type",
  "grpc: failed to unmarshal the received message: proto: cannot parse invalid wire-format data",
])("no other try makes a message readable, but the call has been answered: %s", (text) => {
  const error = new ConnectError(text, Code.Internal);
  expect([isUnreadable(error), isTransient(error), mayHaveTakenEffect(error)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(isTransient(new ConnectError(text, Code.Unavailable))).toBe(true);
});

test.each([
  "stream closed with error code NGHTTP2_INTERNAL_ERROR",
  "protocol error: promised 99 bytes in enveloped message, got 1 bytes",
  "missing status",
])("a broken stream is no message that cannot be read: %s", (text) => {
  expect(isTransient(new ConnectError(text, Code.Internal))).toBe(true);
});

test("what a message quotes does not make it a stream that was cut off", () => {
  const text = 'cannot decode message X from JSON: unexpected "protocol error: no"';
  expect(isTransient(new ConnectError(text, Code.InvalidArgument))).toBe(false);
});

test("a refusal stays one, whatever its text is", () => {
  const text = "the protocol error log is not for you";
  expect(isTransient(new ConnectError(text, Code.PermissionDenied))).toBe(false);
});

test("a precondition and an id that is taken are told from each other", () => {
  const one = (is: (error: unknown) => boolean) =>
    codes.filter((code) => is(new ConnectError("no", code))).map((code) => Code[code]);
  expect(one(isDuplicate)).toEqual(["AlreadyExists"]);
  expect(one(isFailedPrecondition)).toEqual(["FailedPrecondition"]);
});

test("existing services say of a duplicate that it is there, with the code for everything", () => {
  const text = "workflow execution with slug 'nightly' already exists (id: wex-1)";
  expect(isDuplicate(new ConnectError(text, Code.Unknown))).toBe(true);
  expect(isDuplicate(new ConnectError(text, Code.Internal))).toBe(false);
});

test.each([
  "grpc: received message larger than max (5242987 vs. 4194304)",
  "message size 5242987 is larger than configured readMaxBytes 4194304",
  "Received message larger than max (5242987 vs 4194304)",
  "gRPC message exceeds maximum size 4194304: 5242987",
])("no other try makes a message smaller: %s", (text) => {
  const error = new ConnectError(text, Code.ResourceExhausted);
  expect([isTooLarge(error), isTransient(error)]).toEqual([true, false]);
});

test("a rate limit is over some time", () => {
  const error = new ConnectError("namespace rate limit exceeded", Code.ResourceExhausted);
  expect([isTooLarge(error), isTransient(error)]).toEqual([false, true]);
});

test("a call that was refused has had no effect; any other may have", () => {
  const may = codes.filter((code) => mayHaveTakenEffect(new ConnectError("no", code)));
  expect(may.map((code) => Code[code])).toEqual([
    "Canceled",
    "Unknown",
    "DeadlineExceeded",
    "AlreadyExists",
    "ResourceExhausted",
    "Aborted",
    "Internal",
    "Unavailable",
  ]);
  expect(mayHaveTakenEffect(new TypeError("fetch failed"))).toBe(true);
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
