// What stands in the history of a caller's workflow.

import type { WorkflowHandle } from "@temporalio/client";

/** How many attempts the activity of a caller's workflow has taken. */
export async function attemptsOf(handle: WorkflowHandle): Promise<number | null | undefined> {
  const { events } = await handle.fetchHistory();
  const started = events?.find((event) => event.activityTaskStartedEventAttributes);
  return started?.activityTaskStartedEventAttributes?.attempt;
}

/** The encoding of the result of a caller's activity. */
export async function encodingOfResult(handle: WorkflowHandle): Promise<string | undefined> {
  const { events } = await handle.fetchHistory();
  const completed = events?.find((event) => event.activityTaskCompletedEventAttributes);
  return encodingOf(completed?.activityTaskCompletedEventAttributes?.result);
}

/** The encoding of the argument of a caller's activity. */
export async function encodingOfInput(handle: WorkflowHandle): Promise<string | undefined> {
  const { events } = await handle.fetchHistory();
  const scheduled = events?.find((event) => event.activityTaskScheduledEventAttributes);
  return encodingOf(scheduled?.activityTaskScheduledEventAttributes?.input);
}

interface Payloads {
  payloads?: { metadata?: Record<string, Uint8Array> | null }[] | null;
}

function encodingOf(given: Payloads | null | undefined): string | undefined {
  const encoding = given?.payloads?.[0]?.metadata?.encoding;
  return encoding && Buffer.from(encoding).toString();
}

/** What the activity that waits has been ended with, as text. */
export async function activityEnd(handle: WorkflowHandle): Promise<string> {
  const { events } = await handle.fetchHistory();
  for (const {
    activityTaskCompletedEventAttributes,
    activityTaskFailedEventAttributes,
  } of events ?? []) {
    const [payload] = activityTaskCompletedEventAttributes?.result?.payloads ?? [];
    const end = payload?.data ?? activityTaskFailedEventAttributes?.failure;
    if (end) return textOf(end);
  }
  throw new Error("expected an activity that has ended");
}

/** What a workflow has ended with, as text. */
export async function workflowEnd(handle: WorkflowHandle): Promise<string> {
  const { events } = await handle.fetchHistory();
  const last = events?.at(-1);
  const end =
    last?.workflowExecutionCompletedEventAttributes ?? last?.workflowExecutionFailedEventAttributes;
  if (!end) throw new Error("expected a workflow that has ended");
  return textOf(end);
}

/** All text in a value, that in its bytes too. */
function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value !== "object" || value === null) return `${value}`;
  return Object.values(value).map(textOf).join("\n");
}
