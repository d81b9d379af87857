import { readFileSync } from "node:fs";
import type { Dashboard, Panel } from "@grafana/schema";

export const text = readFileSync(
  new URL("../../monitoring/dashboard.json", import.meta.url),
  "utf8",
);
export const dashboard: Dashboard = JSON.parse(text);
export const panels = (dashboard.panels ?? []) as Panel[];
/** What its panels ask. */
export const targets = panels.flatMap(({ targets = [] }) => targets as { expr: string }[]);

/** What Grafana asks for an expression, with its variables. */
export function asQueried(expression: string): string {
  return expression
    .replaceAll("$__rate_interval", "1m")
    .replaceAll("$execution_kind", "workflow|agent");
}
