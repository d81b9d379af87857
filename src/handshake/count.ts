import { type Counters, counters } from "./instruments.js";
import type { Meter } from "./meter.js";

/** Adds one to a counter. */
export function count<Name extends keyof Counters>(
  meter: Meter | undefined,
  name: Name,
  labels: Counters[Name],
): void {
  const { description } = counters[name];
  meter?.createCounter(name, { description }).add(1, { ...labels });
}
