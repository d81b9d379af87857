import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { alerts, alertsFile } from "./alerts.js";
import { prometheusAvailable, promtool } from "./prometheus.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe.skipIf(!prometheusAvailable())("promtool", () => {
  test("finds no fault with the alerts", () => {
    expect(promtool("check", "rules", alertsFile)).toContain(`${alerts.length} rules found`);
  });

  test("sees each alert fire when it should, and then only", () => {
    expect(promtool("test", "rules", join(root, "test/monitoring/alerts.yaml"))).toContain(
      "SUCCESS",
    );
  });
});

test("promtool is asked about each alert", () => {
  const tests = readFileSync(join(root, "test/monitoring/alerts.yaml"), "utf8");
  for (const { alert } of alerts)
    expect(tests).toContain(`alertname="${alert}",alertstate="firing"`);
});

test.each(alerts)("$alert says what is wrong, and where to read on", (rule) => {
  const page = readFileSync(join(root, "docs/operating.md"), "utf8");
  const { summary, description, runbook_url } = rule.annotations;
  expect(["warning", "critical"]).toContain(rule.labels.severity);
  expect(summary).toContain("{{ $labels.execution_kind }}");
  expect(description).toMatch(/\.$/);
  expect(runbook_url).toBe(
    `https://github.com/stigmer/apis/blob/main/docs/operating.md#${rule.alert.toLowerCase()}`,
  );
  expect(page).toContain(`\n### ${rule.alert}\n`);
});
