import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";

/** What an OpenTelemetry meter has measured, by the names of the instruments. */
export type Measured = Readonly<Record<string, readonly Point[]>>;

interface Point {
  readonly labels: Readonly<Record<string, unknown>>;
  /** The sum of a counter; the number of values in a histogram. */
  readonly count: number;
}

/** A real meter of OpenTelemetry, and what it has measured so far. */
export function measuring() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const provider = new MeterProvider({ readers: [reader] });

  async function metrics() {
    exporter.reset();
    await provider.forceFlush();
    return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics[0]?.metrics ?? []);
  }

  async function measured(): Promise<Measured> {
    const entries = (await metrics()).map((metric) => [
      metric.descriptor.name,
      metric.dataPointType === DataPointType.HISTOGRAM
        ? metric.dataPoints.map(({ attributes, value }) => ({
            labels: attributes,
            count: value.count,
          }))
        : metric.dataPoints.map(({ attributes, value }) => ({
            labels: attributes,
            count: value as number,
          })),
    ]);
    return Object.fromEntries(entries);
  }

  return { meter: provider.getMeter("test"), measured, metrics };
}
