import { expect, test } from "vitest";
import { rowOf, titles } from "../../src/command/table.js";
import type { OpenHandshake } from "../../src/temporal/open-handshakes/index.js";

const now = Date.parse("2026-01-01T12:00:00Z");
const uuid = "0b5ea7c1-43f2-4f6c-9a36-2a4c7b1d9e10";
const handshake: OpenHandshake = {
  workflowId: `order-${uuid}`,
  runId: uuid,
  workflowType: "fulfilOrder",
  activityId: "1",
  activityType: "ExecuteWorkflow",
  attempt: 3,
  waitingSince: new Date(now - 3_723_000),
  lastHeartbeat: new Date(now - 4_000),
  executionId: `wex-${uuid}`,
  phase: "EXECUTION_IN_PROGRESS",
  token: "present",
  state: "no-heartbeat",
  detail: "workflow wex-1 is RUNNING",
};

/** The cells of a row, by where the titles begin. */
function cellsOf(row: string): Record<string, string> {
  const starts = [...titles.matchAll(/\S+/g)].map(({ index, 0: title }) => ({ index, title }));
  return Object.fromEntries(
    starts.map(({ index, title }, at) => [title, row.slice(index, starts[at + 1]?.index).trim()]),
  );
}

test("a row stands under its titles", () => {
  expect(cellsOf(rowOf(handshake, now))).toEqual({
    WAITING: "1h 2m",
    STATE: "no-heartbeat",
    PHASE: "IN_PROGRESS",
    ATTEMPT: "3",
    HEARTBEAT: "4s",
    ACTIVITY: "ExecuteWorkflow",
    EXECUTION: `wex-${uuid}`,
    CALLER: `order-${uuid}`,
    DETAIL: "workflow wex-1 is RUNNING",
  });
});

test("what is not known is a dash", () => {
  const { workflowId, runId, workflowType, activityId, activityType, attempt } = handshake;
  const least = { workflowId, runId, workflowType, activityId, activityType, attempt };
  expect(cellsOf(rowOf({ ...least, state: "healthy" }, now))).toMatchObject({
    WAITING: "-",
    PHASE: "-",
    HEARTBEAT: "-",
    EXECUTION: "-",
    DETAIL: "",
  });
});

test("a time that this machine's clock has not reached is now", () => {
  expect(rowOf({ ...handshake, waitingSince: new Date(now + 5_000) }, now)).toMatch(/^0s /);
});

test("an id says nothing to the terminal", () => {
  const row = rowOf({ ...handshake, workflowId: "a\u001b[2Jb\nc\u202e" }, now);
  expect(row).toContain("a?[2Jb?c?");
});
