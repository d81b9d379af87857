import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { telemetry } from "../../examples/handshake/temporal/telemetry.js";
import { counters, histograms } from "../../src/handshake/instruments.js";
import { readPage, root } from "./pages/page.js";
import { telemetryOptionsOfPage } from "./pages/telemetry.js";

const { text } = readPage("docs/metrics.md");
const address = "127.0.0.1:9464";

describe("docs/metrics.md", () => {
  test("names no metric that there is not, with the suffixes that Prometheus gives it", () => {
    const named = new Set([...text.matchAll(/\bstigmer_\w+/g)].map(([name]) => name));
    const all = [
      ...Object.keys(counters).flatMap((name) => [name, `${name}_total`]),
      ...Object.keys(histograms).flatMap((name) => [name, `${name}_seconds`]),
    ];
    expect([...named].filter((name) => !all.includes(name))).toEqual([]);
    expect(named.size).toBeGreaterThan(10);
  });

  test("has the buckets that an OpenTelemetry meter is advised of", async () => {
    const { metrics } = await telemetryOptionsOfPage(address);
    const { histogramBucketOverrides } = "prometheus" in metrics ? metrics.prometheus : {};
    const bounds = Object.entries(histograms).map(([name, { boundaries }]) => [name, boundaries]);
    expect(histogramBucketOverrides).toEqual(Object.fromEntries(bounds));
  });

  test("has the options of the main job's workers, at the address that they are given", async () => {
    const { metrics } = await telemetryOptionsOfPage(address);
    expect(telemetry(address).metrics).toEqual(metrics);
    expect(telemetry(undefined)).not.toHaveProperty("metrics");
    const engine = readFileSync(join(root, "examples/handshake/temporal/engine.ts"), "utf8");
    for (const [name] of text.matchAll(/\b\w+_METRICS_ADDRESS/g)) expect(engine).toContain(name);
  });
});
