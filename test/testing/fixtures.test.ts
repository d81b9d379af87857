import { Code, ConnectError } from "@connectrpc/connect";
import { expect, it } from "vitest";
import { createActivityEngine } from "../../src/testing/index.js";
import { leaksOf, newToken, secretValue, startWaiting } from "./fixtures.js";

// Every refusal in these tests is searched for the tokens and secrets of the test.
it("a secret is found wherever an error can carry it", async () => {
  const token = newToken();
  const { token: engineToken } = await startWaiting(createActivityEngine());
  const detailed = new ConnectError("no", Code.Internal);
  detailed.details.push({ type: "google.protobuf.BytesValue", value: token });
  for (const error of [
    new Error(secretValue),
    new Error(Buffer.from(engineToken()).toString("base64")),
    new Error("no", { cause: new Error(secretValue) }),
    new AggregateError([new Error(secretValue)]),
    Object.assign(new Error("no"), { token }),
    detailed,
  ]) {
    expect(leaksOf(error)).not.toEqual([]);
  }
});

it("an error without a secret is clean", async () => {
  const { handle } = await startWaiting(createActivityEngine());
  expect(leaksOf(new ConnectError(`${handle.activityId} does not exist`, Code.NotFound))).toEqual(
    [],
  );
});
