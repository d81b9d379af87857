import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<"summary" | "description" | "runbook_url", string>>;
}

export const alertsFile = fileURLToPath(new URL("../../monitoring/alerts.yaml", import.meta.url));

const { groups } = parse(readFileSync(alertsFile, "utf8")) as { groups: { rules: AlertRule[] }[] };
export const alerts: readonly AlertRule[] = groups.flatMap(({ rules }) => rules);
