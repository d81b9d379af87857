import { describe, expect, it } from "vitest";
import { handshakeFields } from "../../../src/temporal/log/handshake-fields.js";
import { describeCallbackToken } from "../../../src/token/index.js";
import { leaksOf, newToken } from "../../testing/fixtures.js";

describe("the fields of a log line", () => {
  it("name the execution, the token, the attempt and the outcome", () => {
    const token = newToken();
    const fields = handshakeFields(2, "wex-1", token, "completed");
    expect(fields).toEqual({
      executionId: "wex-1",
      callbackToken: describeCallbackToken(token),
      attempt: 2,
      outcome: "completed",
    });
    expect(leaksOf(fields)).toEqual([]);
  });

  it.each([{}, new Uint8Array(), "c3RpZ21lcg=="])("say of %j that it is no token", (given) => {
    const fields = handshakeFields(1, "wex-1", given as never);
    expect(fields).toEqual({ executionId: "wex-1", callbackToken: "no token", attempt: 1 });
  });

  it("leave out what is not known", () => {
    expect(Object.keys(handshakeFields(undefined, undefined, undefined))).toEqual([]);
    expect(Object.keys(handshakeFields(1, "", undefined))).toEqual(["attempt"]);
  });
});
