import { Code, ConnectError } from "@connectrpc/connect";
import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { readOutcome } from "../../../src/temporal/caller/read-outcome.js";
import { defaultPayloadLimit } from "../../../src/temporal/payload/payload-limit.js";
import { endings, kinds } from "../../testing/fixtures.js";

describe.each(kinds)("one look at a $name", ({ idPrefix, valid }) => {
  const id = `${idPrefix}-1`;
  const look = (get: () => Promise<unknown>) =>
    readOutcome({ get } as never, id, defaultPayloadLimit).then(
      (status) => status,
      (error: unknown) => error,
    );

  it.each(endings)("ends as it has, when it has $outcome", async ({ outcome, phase }) => {
    const execution = valid({ id, status: { phase } });
    const seen = await look(async () => execution);
    if (outcome === "completed") expect(seen).toBe(execution.status);
    else expect(seen).toBeInstanceOf(ApplicationFailure);
  });

  it.each([undefined, 0, 1, 2, 99])("is made again when its phase is %s", async (phase) => {
    const status = phase === undefined ? {} : { status: { phase } };
    const seen = await look(async () => valid({ id, ...status }));
    expect(seen).toMatchObject({
      type: "ExecutionNotEnded",
      nonRetryable: false,
      category: ApplicationFailureCategory.BENIGN,
    });
    expect((seen as Error).message).toContain(id);
  });

  it("is refused for what the service will never answer", async () => {
    const seen = await look(async () => Promise.reject(new ConnectError("no", Code.NotFound)));
    expect(seen).toMatchObject({ type: "ExecutionRefused", nonRetryable: true });
  });

  it("is made again when the service is away", async () => {
    const away = new ConnectError("away", Code.Unavailable);
    expect(await look(() => Promise.reject(away))).toBe(away);
  });
});
