/**
 * What counts and measures: a `Meter` of `@opentelemetry/api` is one. Stated by shape, so that the
 * handshake depends on no telemetry.
 */
export interface Meter {
  createCounter(
    name: string,
    options: { description: string },
  ): { add(value: number, attributes: Record<string, string>): void };

  createHistogram(
    name: string,
    options: {
      description: string;
      unit: string;
      advice: { explicitBucketBoundaries: number[] };
    },
  ): { record(value: number, attributes: Record<string, string>): void };
}

/** Where to count what the handshake does. */
export interface MeterOptions {
  /**
   * Counts and measures each call; without it, nothing is counted. `docs/metrics.md` lists what. On
   * Temporal, the activities use the meter of their worker, and need none.
   */
  readonly meter?: Meter;
}
