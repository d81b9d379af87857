import type { Client } from "@temporalio/client";
import { patiently } from "./patiently.js";

/** The report of an execution, as the history of its runner's workflow has it. */
export interface HistoryReport {
  readonly executionId: string;
  readonly activityId: string;
  /** The one whose result, or failure, the server has taken. */
  readonly attempt: number;
  /** Undefined for one that has failed. */
  readonly result: string | undefined;
}

/** The reports that a runner's workflow has made: one, if all is well. */
export async function reportsOf(client: Client, executionId: string): Promise<HistoryReport[]> {
  const handle = client.workflow.getHandle(executionId);
  const { events } = await patiently(() => handle.fetchHistory());
  const reports: HistoryReport[] = [];
  for (const { eventId, activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
    if (!/^(Complete|Fail|Cancel)ExternalActivity$/.test(scheduled?.activityType?.name ?? "")) {
      continue;
    }
    const isOfThis = (attributes?: { scheduledEventId?: unknown } | null) =>
      String(attributes?.scheduledEventId) === String(eventId);
    const started = events?.find((event) => isOfThis(event.activityTaskStartedEventAttributes));
    const completed = events?.find((event) => isOfThis(event.activityTaskCompletedEventAttributes));
    const payload = completed?.activityTaskCompletedEventAttributes?.result?.payloads?.[0];
    reports.push({
      executionId,
      activityId: scheduled?.activityId ?? "",
      attempt: started?.activityTaskStartedEventAttributes?.attempt ?? 0,
      result: payload?.data ? JSON.parse(new TextDecoder().decode(payload.data)) : undefined,
    });
  }
  return reports;
}
