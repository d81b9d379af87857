import { Code, ConnectError } from "@connectrpc/connect";
import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { HandshakeError, type HandshakeErrorCode } from "../../../src/handshake/index.js";
import { refusalOf } from "../../../src/temporal/caller/refusal-of.js";

const isRefused: Record<HandshakeErrorCode, boolean> = {
  "invalid-token": true,
  unavailable: false,
  "not-terminal": true,
  "token-withheld": true,
  "deadline-exceeded": false,
  "wrong-id": true,
  "id-taken": true,
  contended: false,
  "too-large": true,
};

const transient = [
  Code.Canceled,
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
  Code.Aborted,
  Code.Internal,
  Code.Unavailable,
];
const codes = Object.values(Code).filter((code) => typeof code === "number");

describe("an attempt that fails", () => {
  it.each(Object.entries(isRefused))("by a handshake that is %s: refused %s", (code, refused) => {
    const error = new HandshakeError(code as HandshakeErrorCode, "wex-1: why");
    const failure = refusalOf(error);
    expect(failure !== undefined).toBe(refused);
    if (refused) {
      expect(failure).toMatchObject({
        type: "ExecutionRefused",
        nonRetryable: true,
        message: "wex-1: why",
      });
    }
  });

  it("is refused for good by each code that the service would answer with again", () => {
    const refused = codes.filter((code) => refusalOf(new ConnectError("why", code)));
    expect(refused).toEqual(codes.filter((code) => !transient.includes(code)));
    expect(refusalOf(new ConnectError("why", Code.InvalidArgument))).toMatchObject({
      type: "ExecutionRefused",
      nonRetryable: true,
      message: expect.stringContaining("why"),
    });
  });

  it("is refused for good when its request is larger than the service takes", () => {
    const text = "received message larger than max (5000000 vs. 4194304)";
    expect(refusalOf(new ConnectError(text, Code.ResourceExhausted))).toMatchObject({
      type: "ExecutionRefused",
    });
  });

  it("is refused for good when the answer cannot be decoded", () => {
    const text = "parse binary: cannot decode message google.protobuf.Struct from binary";
    expect(refusalOf(new ConnectError(text, Code.Internal))).toMatchObject({
      type: "ExecutionRefused",
    });
  });

  it("may succeed later when a proxy has cut the answer off", () => {
    const error = new ConnectError("protocol error: missing end", Code.InvalidArgument);
    expect(refusalOf(error)).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["an error of the caller's own code", new TypeError("oops")],
    ["an error of Node", Object.assign(new Error("refused"), { code: "ECONNREFUSED" })],
    ["a failure of Temporal", ApplicationFailure.retryable("again", "Busy")],
    ["a cancellation", new CancelledFailure("cancelled")],
    ["no error", { code: Code.InvalidArgument }],
    ["nothing", undefined],
  ])("is left as it is for %s", (_, error) => {
    expect(refusalOf(error)).toBeUndefined();
  });
});
