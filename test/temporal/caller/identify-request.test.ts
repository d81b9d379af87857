import type { Info } from "@temporalio/activity";
import { MockActivityEnvironment } from "@temporalio/testing";
import { describe, expect, it } from "vitest";
import { copyOf } from "../../../src/execution/copy-of.js";
import { identifyRequest, tagOf } from "../../../src/temporal/caller/identify-request.js";
import { validateExecution } from "../../../src/validation/index.js";
import { kinds, present } from "../../testing/fixtures.js";

const contextOf = (info: Partial<Info> = {}) =>
  new MockActivityEnvironment({
    workflowExecution: { workflowId: "order-7", runId: "run-1" },
    activityId: "3",
    ...info,
  }).context;

describe.each(kinds)("the request of an activity for a $name", (kind) => {
  const nameless = () => {
    const request = kind.valid();
    present(request.metadata).name = "";
    return request;
  };

  it("has an id that is the same for every attempt, and for nothing else", () => {
    const idIn = (info: Partial<Info>) =>
      identifyRequest(kind.valid(), contextOf(info)).metadata?.id;
    const id = `${kind.idPrefix}-run-1-3`;
    expect(idIn({})).toBe(id);
    expect(idIn({ attempt: 7, taskToken: Uint8Array.of(9), heartbeatDetails: {} })).toBe(id);
    const others = [
      idIn({ activityId: "4" }),
      idIn({ workflowExecution: { workflowId: "order-7", runId: "run-2" } }),
    ];
    expect(new Set([id, ...others]).size).toBe(3);
  });

  it("of an activity without a workflow has the id of the activity's own run", () => {
    const { workflowExecution, ...rest } = contextOf().info;
    const info = { ...rest, activityRunId: "act-run-1" };
    const { metadata } = identifyRequest(kind.valid(), { info } as never);
    expect(metadata?.id).toBe(`${kind.idPrefix}-act-run-1-3`);
    expect(metadata?.tags).toEqual(["temporal:act-run-1/3"]);
  });

  it("keeps the id and the name that it has", () => {
    const id = `${kind.idPrefix}-mine`;
    expect(identifyRequest(kind.valid({ id }), contextOf()).metadata).toMatchObject({
      id,
      name: present(kind.valid().metadata).name,
    });
  });

  it("without a name has its id as its name, for its slug is made from that", () => {
    const { metadata } = identifyRequest(nameless(), contextOf());
    expect(metadata?.name).toBe(metadata?.id);
    const given = nameless();
    present(given.metadata).id = `${kind.idPrefix}-mine`;
    expect(identifyRequest(given, contextOf()).metadata?.name).toBe(`${kind.idPrefix}-mine`);
  });

  it("has a tag of its own beside those that it had", () => {
    const context = contextOf();
    const { metadata } = identifyRequest(kind.valid({ tags: ["order:7"] }), context);
    expect(metadata?.tags).toEqual(["order:7", "temporal:run-1/3"]);
    expect(tagOf(context)).toBe("temporal:run-1/3");
  });

  it("may come without metadata", () => {
    const request = kind.valid();
    delete request.metadata;
    expect(identifyRequest(request, contextOf()).metadata).toMatchObject({
      id: `${kind.idPrefix}-run-1-3`,
      name: `${kind.idPrefix}-run-1-3`,
      tags: ["temporal:run-1/3"],
    });
  });

  it("is as valid as it was, and the caller's own stays as it was", () => {
    const request = kind.valid();
    const before = copyOf(request);
    expect(validateExecution(identifyRequest(request, contextOf()))).toEqual([]);
    expect(request).toEqual(before);
  });
});
