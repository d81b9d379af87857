import { readFile } from "node:fs/promises";
import type { Value } from "../recording-meter.js";

/** Something that a worker has counted or measured, and in which attempt of which activity. */
export interface CountedValue extends Value {
  readonly from: {
    readonly workflowId?: string;
    readonly runId?: string;
    readonly activityId?: string;
    readonly attempt?: number;
  };
}

/** What all workers have counted and measured, those that were killed too. */
export async function readValues(path: string): Promise<CountedValue[]> {
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** How often each value of a label was counted, the most frequent first: `started 31, rearmed 7`. */
export function totalsOf(values: readonly CountedValue[], name: string, label: string): string {
  const totals = new Map<string, number>();
  for (const { labels, value } of values.filter((counted) => counted.name === name)) {
    const key = String(labels[label]);
    totals.set(key, (totals.get(key) ?? 0) + value);
  }
  return [...totals]
    .sort(([, a], [, b]) => b - a)
    .map(([key, total]) => `${key} ${total}`)
    .join(", ");
}
