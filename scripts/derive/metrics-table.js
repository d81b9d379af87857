import { loadModule } from "./load-module.js";
import { table } from "./reference/markdown.js";

/** @param {string} text */
const code = (text) => `\`${text}\``;

/** What is counted and measured, as a table. */
export async function renderMetrics() {
  const { counters, histograms } = await load();
  const row = (/** @type {string} */ name, /** @type {string} */ type, /** @type {any} */ of) => [
    code(name),
    type,
    Object.keys(of.labels).map(code).join(", "),
    of.description,
  ];
  return table(
    ["name", "type", "labels", "what"],
    [
      ...Object.entries(counters).map(([name, of]) => row(name, "counter", of)),
      ...Object.entries(histograms).map(([name, of]) => row(name, "histogram, seconds", of)),
    ],
  );
}

/** The values of the labels, as a table: each once, with all instruments that have it. */
export async function renderMetricLabels() {
  const { counters, histograms } = await load();
  /** @type {Map<string, { labels: Set<string>, value: string, meaning: string, names: Set<string> }>} */
  const rows = new Map();
  for (const [name, { labels }] of Object.entries({ ...counters, ...histograms })) {
    for (const [label, values] of Object.entries(labels)) {
      const entries = typeof values === "string" ? [["", values]] : Object.entries(values);
      for (const [value = "", meaning = ""] of entries) {
        const key = `${value} ${meaning}`;
        const row = rows.get(key) ?? { labels: new Set(), value, meaning, names: new Set() };
        row.labels.add(label);
        row.names.add(name);
        rows.set(key, row);
      }
    }
  }
  return table(
    ["label", "value", "what it means", "of"],
    [...rows.values()].map(({ labels, value, meaning, names }) => [
      [...labels].map(code).join(", "),
      value && code(value),
      meaning,
      [...names].map((name) => name.replace("stigmer_", "")).join(", "),
    ]),
  );
}

/** @returns {Promise<typeof import("../../src/handshake/instruments.js")>} */
function load() {
  return loadModule("src/handshake/instruments.ts");
}
