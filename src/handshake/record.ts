import { type Histograms, histograms } from "./instruments.js";
import type { Meter } from "./meter.js";

/** Adds a time to a histogram. */
export function record<Name extends keyof Histograms>(
  meter: Meter | undefined,
  name: Name,
  seconds: number,
  labels: Histograms[Name],
): void {
  const { description, boundaries } = histograms[name];
  const options = { description, unit: "s", advice: { explicitBucketBoundaries: boundaries } };
  meter?.createHistogram(name, options).record(seconds, { ...labels });
}
