import type { MetricsExporterConfig } from "@temporalio/worker";
import { filesOf, readPage } from "./page.js";

/** The options of docs/metrics.md, with metrics at this address. */
export async function telemetryOptionsOfPage(
  address: string,
): Promise<{ readonly metrics: MetricsExporterConfig }> {
  const code = filesOf(readPage("docs/metrics.md")).get("telemetry.ts") ?? "";
  process.env.METRICS_ADDRESS = address;
  try {
    const { telemetryOptions } = await import(
      /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
    );
    return telemetryOptions;
  } finally {
    delete process.env.METRICS_ADDRESS;
  }
}
