import type { TelemetryOptions } from "@temporalio/worker";

/** What a worker tells of itself, beside its steps: its metrics, at the address that it is given. */
export function telemetry(metricsAddress: string | undefined): TelemetryOptions {
  return {
    // The SDK's core prints its lines past the logger, with tokens. Forwarded, as `forward: {}` does,
    // all lines come about 100 ms late, and each of these steps says when it was.
    logging: { filter: "off" },
    ...(metricsAddress && {
      metrics: {
        prometheus: {
          bindAddress: metricsAddress,
          // The names that Prometheus is used to: `stigmer_reports_total`, `..._duration_seconds`.
          countersTotalSuffix: true,
          unitSuffix: true,
          histogramBucketOverrides: {
            stigmer_report_duration: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
            stigmer_handshake_age: [
              10, 30, 60, 300, 600, 1800, 3600, 14_400, 43_200, 86_400, 259_200, 604_800,
            ],
            stigmer_execution_age: [
              1, 10, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200, 604_800,
            ],
          },
        },
      },
    }),
  };
}
