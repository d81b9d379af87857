import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { recordAge } from "../../src/temporal/record-age.js";

test("an age has a bucket that ends where a run of Stigmer's runners must have ended", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("test");
  const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;

  recordAge(meter, "WorkflowExecution", minutesAgo(29));
  recordAge(meter, "WorkflowExecution", minutesAgo(31));
  recordAge(meter, "AgentExecution", minutesAgo(11));
  // Of a machine whose clock is late.
  recordAge(meter, undefined, minutesAgo(-1));
  await reader.forceFlush();
  await reader.shutdown();

  const [metric] = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
  expect(metric?.descriptor).toMatchObject({ name: "stigmer_handshake_age", unit: "s" });
  const ages = metric?.dataPoints.map(({ attributes, value }) => {
    const { buckets } = value as { buckets: { boundaries: number[]; counts: number[] } };
    const bounds = [...buckets.boundaries, Number.POSITIVE_INFINITY];
    return [attributes, bounds.filter((_, index) => (buckets.counts[index] ?? 0) > 0)];
  });
  expect(ages).toEqual([
    [{ execution_kind: "workflow" }, [1800, 3600]],
    [{ execution_kind: "agent" }, [1800]],
    [{ execution_kind: "unknown" }, [10]],
  ]);
});
