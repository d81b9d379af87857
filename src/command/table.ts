import type { OpenHandshake } from "../temporal/open-handshakes/index.js";
import { durationText } from "./duration-text.js";

type Column = readonly [
  title: string,
  width: number,
  text: (handshake: OpenHandshake, now: number) => string | undefined,
];

// Wide enough for what they hold, so that a row can be printed as soon as it is known. Only the ids of
// workflows are as long as their makers like.
const columns: readonly Column[] = [
  ["WAITING", 8, ({ waitingSince }, now) => sinceText(waitingSince, now)],
  ["STATE", 15, ({ state }) => state],
  ["PHASE", 12, ({ phase }) => phase?.replace(/^EXECUTION_/, "")],
  ["ATTEMPT", 8, ({ attempt }) => String(attempt)],
  ["HEARTBEAT", 10, ({ lastHeartbeat }, now) => sinceText(lastHeartbeat, now)],
  ["ACTIVITY", 16, ({ activityType }) => activityType],
  ["EXECUTION", 41, ({ executionId }) => executionId],
  ["CALLER", 42, ({ workflowId }) => workflowId],
  ["DETAIL", 0, ({ detail }) => detail ?? ""],
];

export const titles: string = line(columns.map(([title]) => title));

/** A handshake as one line of the table. */
export function rowOf(handshake: OpenHandshake, now: number): string {
  return line(columns.map(([, , text]) => printable(text(handshake, now) ?? "-")));
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(columns[index]?.[1] ?? 0))
    .join(" ")
    .trimEnd();
}

function sinceText(time: Date | undefined, now: number): string | undefined {
  return time && durationText(Math.max(now - time.getTime(), 0));
}

/** Without what a terminal takes for commands: whoever starts a workflow chooses its id. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "?");
}
