import { Code, ConnectError } from "@connectrpc/connect";
import { MockActivityEnvironment } from "@temporalio/testing";
import { describe, expect, it } from "vitest";
import type { Execution } from "../../../src/execution/execution.js";
import { findByTag } from "../../../src/temporal/caller/find-by-tag.js";
import { identifyRequest } from "../../../src/temporal/caller/identify-request.js";
import type { ExecutionLister } from "../../../src/temporal/execution-clients.js";
import { createExecutionService } from "../../../src/testing/index.js";
import { inMemory, kinds, refusal, rejection } from "../../testing/fixtures.js";

const contextOf = (attempt: number) =>
  new MockActivityEnvironment({
    workflowExecution: { workflowId: "order-7", runId: "run" },
    activityId: "1",
    attempt,
  }).context;
const retried = contextOf(2);
const failing = (error: unknown): ExecutionLister<Execution> => ({
  list: async () => {
    throw error;
  },
});

describe.each(kinds)("a $name of an earlier attempt", (kind) => {
  async function connect() {
    const { transport } = await inMemory(createExecutionService());
    return kind.connect(transport);
  }

  it("is found by its tag, whatever its id is and whatever else is there", async () => {
    const client = await connect();
    await client.create(kind.valid({ tags: ["temporal:other/1"] }));
    const request = identifyRequest(kind.valid({ tags: ["order:7"] }), retried);
    const mine = await client.create({
      ...request,
      metadata: { ...request.metadata, id: `${kind.idPrefix}-of-the-service` },
    } as Execution);
    await client.create(kind.valid());
    expect(await findByTag(retried, client)).toEqual(mine);
  });

  it("is not there when none was created", async () => {
    const client = await connect();
    await client.create(kind.valid({ tags: ["temporal:other/1"] }));
    expect(await findByTag(retried, client)).toBeUndefined();
  });

  it("is not looked for by the first attempt", async () => {
    const lister = failing(new Error("not expected to list"));
    expect(await findByTag(contextOf(1), lister)).toBeUndefined();
  });

  it("is asked for by its tag alone", async () => {
    const asked: unknown[] = [];
    await findByTag<Execution>(retried, {
      list: async (request) => {
        asked.push(request);
        return { entries: [] };
      },
    });
    expect(asked).toEqual([{ tags: ["temporal:run/1"], pageSize: 1 }]);
  });

  it("is never somebody else's, of a service that lists whatever the tags are", async () => {
    const others = [kind.valid({ tags: ["temporal:run/11"] }), kind.valid()];
    const withoutMetadata = kind.valid();
    delete withoutMetadata.metadata;
    others.push(withoutMetadata);
    const listing = (entries: Execution[]) => ({ list: async () => ({ entries }) });
    expect(await findByTag(retried, listing(others))).toBeUndefined();
    const mine = kind.valid({ tags: ["temporal:run/1"] });
    expect(await findByTag(retried, listing([...others, mine]))).toBe(mine);
  });

  it.each([
    ["cannot list", new ConnectError("list is not implemented", Code.Unimplemented)],
    [
      "lists more than fits into a message",
      new ConnectError("message size 5 MiB is larger than 4 MiB", Code.ResourceExhausted),
    ],
    ["does not let this caller list", new ConnectError("no", Code.PermissionDenied)],
  ])("is not found with a service that %s", async (_, error) => {
    expect(await findByTag(retried, failing(error))).toBeUndefined();
  });

  it.each([Code.Unavailable, Code.DeadlineExceeded, Code.Canceled])(
    "may be there while the service cannot be asked (code %i)",
    async (code) => {
      await refusal(findByTag(retried, failing(new ConnectError("away", code))), code);
    },
  );

  it("may be there while the service refuses so many requests", async () => {
    const error = new ConnectError("rate limit", Code.ResourceExhausted);
    expect(await rejection(findByTag(retried, failing(error)))).toBe(error);
  });
});
