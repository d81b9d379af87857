import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { errorResult } from "../../src/handshake/error-result.js";
import { HandshakeError, type HandshakeErrorCode } from "../../src/handshake/index.js";
import { callbackToken } from "../../src/token/index.js";

const results: Record<HandshakeErrorCode, string> = {
  "invalid-token": "invalid_token",
  unavailable: "unavailable",
  "not-terminal": "not_terminal",
  "token-withheld": "withheld",
  "deadline-exceeded": "unavailable",
  "wrong-id": "refused",
  "id-taken": "refused",
  contended: "contended",
  "too-large": "too_large",
};

function noToken(): unknown {
  try {
    return callbackToken(new Uint8Array(10_000));
  } catch (error) {
    return error;
  }
}

describe("an attempt that has thrown an error", () => {
  it.each(Object.entries(results))("of code %s is counted as %s", (code, result) => {
    expect(errorResult(new HandshakeError(code as HandshakeErrorCode, "text"))).toBe(result);
  });

  it.each([
    ["bytes that can be no token", noToken(), "invalid_token"],
    ["a service that is away", new ConnectError("", Code.Unavailable), "unavailable"],
    ["a service that refuses", new ConnectError("", Code.PermissionDenied), "refused"],
    [
      "a message that is too large",
      new ConnectError("message larger than max", Code.ResourceExhausted),
      "too_large",
    ],
    ["a bug", new TypeError("undefined is not a function"), "other"],
    ["what is no error", "text", "other"],
  ])("about %s is counted by that", (_, error, result) => {
    expect(errorResult(error)).toBe(result);
  });
});
