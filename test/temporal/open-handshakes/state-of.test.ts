import { expect, test, vi } from "vitest";
import type { OpenHandshake } from "../../../src/temporal/open-handshakes/open-handshake.js";
import type { PendingWait } from "../../../src/temporal/open-handshakes/pending-wait.js";
import type { SeenExecution } from "../../../src/temporal/open-handshakes/read-execution.js";
import type { RunnerReport } from "../../../src/temporal/open-handshakes/runner-report.js";
import { stateOf } from "../../../src/temporal/open-handshakes/state-of.js";

const now = Date.parse("2026-01-01T12:00:00Z");
const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000);

const young: PendingWait = {
  waitingSince: minutesAgo(0.5),
  deadline: undefined,
  lastHeartbeat: minutesAgo(0.1),
  executionId: "wex-1",
  unreadable: undefined,
  untaken: undefined,
  isHeard: false,
  isSilent: false,
  failure: undefined,
  isBetweenAttempts: false,
};
const old = { ...young, waitingSince: minutesAgo(2) };
const heard = { ...old, isHeard: true };
const silent = { ...old, isSilent: true };

type Read = Extract<SeenExecution, { phase: string }>;
const pending: Read = {
  phase: "EXECUTION_PENDING",
  token: "present",
  hasBegun: false,
  hasEnded: false,
  runnerWorkflowId: undefined,
};
const begun: Read = { ...pending, phase: "EXECUTION_IN_PROGRESS", hasBegun: true };
const ended: Read = { ...begun, phase: "EXECUTION_FAILED", hasEnded: true };

const open: RunnerReport = { detail: "workflow wex-1 is RUNNING", hasEnded: false };
const terminated: RunnerReport = { detail: "workflow wex-1 is TERMINATED", hasEnded: true };
const tooLarge: RunnerReport = { state: "too-large", detail: "TooLarge: …", hasEnded: true };

type Row = [
  name: string,
  expected: OpenHandshake["state"],
  wait: PendingWait,
  seen?: SeenExecution | undefined,
  report?: RunnerReport | undefined,
];

test.each<Row>([
  ["of an attempt that no worker takes", "no-caller", { ...silent, untaken: "due" }, pending],
  ["that has ended, too", "no-caller", { ...young, untaken: "due" }, ended],
  ["of an activity that is paused", "no-caller", { ...young, untaken: "paused" }, begun],
  [
    "between two attempts that fail",
    "caller-failing",
    { ...young, failure: "down", isBetweenAttempts: true },
    begun,
  ],
  [
    "whose attempts create nothing",
    "caller-failing",
    { ...young, failure: "down", executionId: undefined },
  ],
  ["that waits although an attempt has failed", "healthy", { ...young, failure: "down" }, begun],
  [
    "with heartbeat details that nobody can read",
    "unknown",
    { ...young, executionId: undefined, unreadable: "codec" },
  ],
  ["that has been deleted", "deleted", heard, "deleted"],
  ["that cannot be read", "unknown", heard, { unreadable: "down" }],
  ["that has ended", "not-reported", heard, ended, terminated],
  ["that has ended with too large a result", "too-large", heard, ended, tooLarge],
  ["without a token", "no-token", heard, { ...begun, token: "absent" }],
  ["whose token is withheld from the reader", "healthy", heard, { ...begun, token: "withheld" }],
  ["that nobody has begun in half a minute", "healthy", young, pending],
  ["that nobody has begun in two minutes", "no-runner", old, pending, open],
  ["that is heartbeated before it has begun", "healthy", heard, pending],
  ["that nobody has begun in an attempt", "no-runner", { ...young, isSilent: true }, pending, open],
  ["in progress", "healthy", old, begun],
  ["in progress of which nothing is heard", "no-heartbeat", silent, begun, open],
  ["in progress whose runner has ended", "no-runner", silent, begun, terminated],
  ["in progress whose report is too large", "too-large", silent, begun, tooLarge],
  ["of which only Temporal is asked", "healthy", old],
  [
    "of which only Temporal is asked, and nothing is heard",
    "no-heartbeat",
    silent,
    undefined,
    open,
  ],
  [
    "of which nothing is known but the silence",
    "no-heartbeat",
    { ...silent, executionId: undefined },
  ],
])("an execution %s is %s", async (_, expected, wait, seen, report) => {
  const askRunner = vi.fn(async () => report);
  const { state, detail } = await stateOf(wait, seen, askRunner, now);
  expect(state).toBe(expected);
  if (report) expect(detail).toBe(report.detail);
  // What is well costs no call.
  if (state === "healthy") expect(askRunner).not.toHaveBeenCalled();
});
