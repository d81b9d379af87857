import { create } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import { CompleteAsyncError, type Info } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import { MockActivityEnvironment } from "@temporalio/testing";
import { describe, expect, it } from "vitest";
import type { Execution } from "../../../src/execution/execution.js";
import { createExecutionActivities } from "../../../src/temporal/caller/execution-activities.js";
import { earlierExecutionId, nextDetails } from "../../../src/temporal/caller/signs-of-life.js";
import { createExecutionService } from "../../../src/testing/index.js";
import {
  ExecutionPhase,
  type WorkflowExecution,
  WorkflowExecutionStatusSchema,
} from "../../../src/workflowexecution/v1.js";
import {
  EXECUTION_IN_PROGRESS,
  EXECUTION_PENDING,
  kinds,
  newToken,
  present,
  rejection,
  workflowKind,
} from "../../testing/fixtures.js";
import { attemptOf } from "../activity-context.js";
import { clientsOver } from "../world/clients-over.js";

describe("the execution of an earlier attempt", () => {
  const idIn = (heartbeatDetails: unknown) =>
    earlierExecutionId(new MockActivityEnvironment({ heartbeatDetails }).context);

  it("is known by the heartbeat details of the caller, and of the runner", () => {
    expect(idIn({ executionId: "wex-1", silent: 0, seen: "x" })).toBe("wex-1");
    expect(idIn({ executionId: "wex-1" })).toBe("wex-1");
  });

  it.each([undefined, null, {}, { executionId: "" }, { executionId: 7 }, "wex-1", 7])(
    "is not known by %j",
    (details) => {
      expect(idIn(details)).toBeUndefined();
    },
  );
});

describe.each(kinds)("attempts that wait for a $name", (kind) => {
  const id = `${kind.idPrefix}-1`;
  const execution = (phase: ExecutionPhase = EXECUTION_IN_PROGRESS, error = "") =>
    kind.valid({ id, status: { phase, error } });
  const next = (before: unknown, found: Execution, max?: number) =>
    nextDetails(new MockActivityEnvironment({ heartbeatDetails: before }).context, found, max);

  it("leave nothing but the id when nobody counts them", () => {
    expect(next(undefined, execution())).toEqual({ executionId: id });
    expect(next({ executionId: id, silent: 7, seen: "x" }, execution())).toEqual({
      executionId: id,
    });
  });

  it("fail after so many in a row without a sign of life, with the id and the phase", () => {
    let details: unknown;
    for (let attempt = 1; attempt <= 3; attempt++) details = next(details, execution(), 3);
    const silent = () => next(details, execution(), 3);
    expect(silent).toThrow(ApplicationFailure);
    expect(silent).toThrow(
      expect.objectContaining({
        type: "ExecutionSilent",
        nonRetryable: true,
        message: `${id}: no sign of life in 3 attempts of its caller; last known: EXECUTION_IN_PROGRESS`,
      }),
    );
  });

  it("count anew after a heartbeat of the runner, which leaves its own details", () => {
    const one = next(undefined, execution(), 1);
    expect(() => next(one, execution(), 1)).toThrow();
    const beaten = next({ executionId: id }, execution(), 1);
    expect(beaten).toEqual(one);
  });

  it("count anew after a change of the status", () => {
    const one = next(undefined, execution(EXECUTION_PENDING), 1);
    const two = next(one, execution(EXECUTION_IN_PROGRESS), 1);
    const three = next(two, execution(EXECUTION_IN_PROGRESS, "careful"), 1);
    expect(() => next(three, execution(EXECUTION_IN_PROGRESS, "careful"), 1)).toThrow();
  });

  it("take their own re-arming for no sign of life, though the service notes its time", () => {
    const rearmedAt = (seconds: bigint) => {
      const found = execution();
      const audit = { specAudit: { updatedAt: { seconds } } };
      const status = create(WorkflowExecutionStatusSchema, { audit });
      Object.assign(present(found.status), { audit: status.audit });
      return found;
    };
    const one = next(undefined, rearmedAt(1n), 1);
    expect(() => next(one, rearmedAt(2n), 1)).toThrow(/no sign of life/);
  });

  it("take a status that was written again, though the same, for a sign of life", () => {
    const writtenAt = (seconds: bigint) => {
      const found = execution();
      const audit = { statusAudit: { updatedAt: { seconds } } };
      const status = create(WorkflowExecutionStatusSchema, { audit });
      Object.assign(present(found.status), { audit: status.audit });
      return found;
    };
    const one = next(undefined, writtenAt(1n), 1);
    expect(next(one, writtenAt(2n), 1)).toMatchObject({ silent: 0 });
  });

  it("take no other order of a map for a sign of life, as a service in Go writes it", () => {
    const [one, two] = [
      { first: { a: 1, b: { c: [1, 2], d: null } }, second: 2 },
      { second: 2, first: { b: { d: null, c: [1, 2] }, a: 1 } },
    ].map((output) => {
      const found = execution();
      Object.assign(present(found.status), { output });
      return found;
    });
    const details = next(undefined, present(one), 1);
    expect(() => next(details, present(two), 1)).toThrow(/no sign of life/);
    const other = execution();
    Object.assign(present(other.status), { output: { first: { a: 1, b: { c: [2, 1] } } } });
    expect(next(details, other, 1)).toMatchObject({ silent: 0 });
  });

  it("count an execution without a status, too", () => {
    const found = kind.valid({ id });
    const one = next(undefined, found, 1);
    expect(() => next(one, found, 1)).toThrow(/EXECUTION_PHASE_UNSPECIFIED/);
  });

  it("leave details that are small and survive JSON", () => {
    const details = next(undefined, execution(EXECUTION_IN_PROGRESS, "x".repeat(10_000)), 3);
    expect(JSON.stringify(details).length).toBeLessThan(200);
    expect(JSON.parse(JSON.stringify(details))).toEqual(details);
  });
});

describe("an activity that a silent runner is waited for with", () => {
  /** What attempts of an activity leave behind, each with a token of its own. */
  async function start(maxSilentAttempts: number) {
    const transport = createRouterTransport(createExecutionService().routes);
    const clients = clientsOver(transport);
    const activities = createExecutionActivities(clients, { maxSilentAttempts });
    let number = 0;
    const attempt = async (heartbeatDetails: unknown) => {
      number++;
      const info: Partial<Info> = { taskToken: newToken(), attempt: number, heartbeatDetails };
      const { run, heartbeats } = attemptOf(info);
      const error = await rejection(
        run(() => activities.ExecuteWorkflow(workflowKind.valid() as WorkflowExecution)),
      );
      return { error, details: heartbeats.at(-1) };
    };
    return { clients, attempt };
  }

  it("fails although every attempt has re-armed the execution", async () => {
    const { attempt } = await start(2);
    const one = await attempt(undefined);
    const two = await attempt(one.details);
    const three = await attempt(two.details);
    for (const { error } of [one, two]) expect(error).toBeInstanceOf(CompleteAsyncError);
    expect(three.error).toMatchObject({ type: "ExecutionSilent", nonRetryable: true });
    expect(String(three.error)).toContain("EXECUTION_PENDING");
  });

  it("waits on when the runner has written its status in between", async () => {
    const { clients, attempt } = await start(1);
    const one = await attempt(undefined);
    const executionId = (one.details as { executionId: string }).executionId;
    const status = { phase: ExecutionPhase.EXECUTION_IN_PROGRESS };
    await clients.workflow.commands.updateStatus({ executionId, status });
    const two = await attempt(one.details);
    expect(two.error).toBeInstanceOf(CompleteAsyncError);
    expect((await attempt(two.details)).error).toMatchObject({ type: "ExecutionSilent" });
  });

  it("waits on when the runner has heartbeated in between", async () => {
    const { attempt } = await start(1);
    const one = await attempt(undefined);
    const { executionId } = one.details as { executionId: string };
    const two = await attempt({ executionId });
    expect(two.error).toBeInstanceOf(CompleteAsyncError);
  });
});
