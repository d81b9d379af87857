import { expect, test } from "vitest";
import { counters, histograms } from "../../src/handshake/instruments.js";
import { alerts } from "./alerts.js";
import { asQueried, targets } from "./dashboard.js";

/** The values of a label; undefined if they are not listed. */
type Values = readonly string[] | undefined;

function valuesOf(labels: Readonly<Record<string, string | object>>): [string, Values][] {
  return Object.entries(labels).map(([label, meanings]) => [
    label,
    typeof meanings === "string" ? undefined : Object.keys(meanings),
  ]);
}

/** All metrics, as Prometheus has them, with their labels. */
const metrics = new Map<string, Map<string, Values>>();
for (const [name, { labels }] of Object.entries(counters)) {
  metrics.set(`${name}_total`, new Map(valuesOf(labels)));
}
for (const [name, { labels, boundaries }] of Object.entries(histograms)) {
  const values = valuesOf(labels);
  for (const part of ["count", "sum"]) metrics.set(`${name}_seconds_${part}`, new Map(values));
  // For Prometheus 2, and for Prometheus 3, which writes 600.0 for 600.
  const bounds = boundaries.map((boundary) => `${boundary}(\\\\.0)?`);
  metrics.set(`${name}_seconds_bucket`, new Map([...values, ["le", bounds]]));
}

/** What an expression asks for that there is not. */
function unknownIn(expression: string): string[] {
  const selectors = [...expression.matchAll(/\b(stigmer_\w+)(?:\{([^}]*)\})?/g)];
  const labels = selectors.flatMap(([, name = ""]) => [...(metrics.get(name)?.keys() ?? [])]);
  const grouped = [...expression.matchAll(/\b(?:by|without) \(([^)]+)\)/g)]
    .flatMap(([, list = ""]) => list.split(", "))
    .filter((label) => !labels.includes(label));
  const selected = selectors.flatMap(([, name = "", matchers = ""]) => {
    const known = metrics.get(name);
    if (known === undefined) return [name];
    return [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)].flatMap(
      ([, label = "", values = ""]) => {
        if (!known.has(label)) return [`${name}{${label}}`];
        const listed = known.get(label);
        const unknown = values.split("|").filter((value) => listed && !listed.includes(value));
        return unknown.map((value) => `${name}{${label}="${value}"}`);
      },
    );
  });
  return [...grouped, ...selected];
}

test.each(alerts)("$alert asks for what is counted", ({ expr }) => {
  expect(expr).toContain("stigmer_");
  expect(unknownIn(expr)).toEqual([]);
});

const panelsOfMetrics = targets.filter(({ expr }) => !expr.includes("ALERTS"));
test.each(panelsOfMetrics)("a panel asks for what is counted: $expr", ({ expr }) => {
  expect(expr).toContain("stigmer_");
  expect(unknownIn(asQueried(expr))).toEqual([]);
});

test("the dashboard shows all that is counted", () => {
  const shown = targets.map(({ expr }) => expr).join("\n");
  const names = [
    ...Object.keys(counters).map((name) => `${name}_total`),
    ...Object.keys(histograms).map((name) => `${name}_seconds_bucket`),
  ];
  expect(names.filter((name) => !shown.includes(name))).toEqual([]);
});
