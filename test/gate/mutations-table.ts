import type { Mutation } from "./mutations.js";

/** The matrix as a Markdown table. A row stands for all changes of a kind that end alike. */
export function tableOf(mutations: readonly Mutation[]): string {
  const rows = new Map<string, Mutation[]>();
  for (const mutation of mutations) {
    const { breaking = [], lint = [] } = mutation.expected;
    const ids = [...new Set([...breaking, ...lint])].map((id) => `\`${id}\``).join(", ");
    const isNoted = breaking.every((id) => id === "STIGMER_VALIDATION_NOT_LOOSER");
    const verdict =
      breaking.length > 0
        ? isNoted
          ? "noted"
          : "breaking"
        : lint.length > 0
          ? "refused by lint"
          : "compatible";
    const key = `${ids || "nothing"} | ${verdict}`;
    const row = `${mutation.kind}\n${key}`;
    rows.set(row, [...(rows.get(row) ?? []), mutation]);
  }
  const lines = [...rows].map(([row, all]) => {
    const [kind, end] = row.split("\n");
    const names = all.map(({ element }) => element).join(", ");
    return `| ${kind} | ${all.length > 4 ? `${all.length} ${all[0]?.noun}s` : names} | ${end} |`;
  });
  return [
    "| change | element | expected | compatible or breaking |",
    "|---|---|---|---|",
    ...lines,
  ].join("\n");
}
