import { describe, expect, it, test } from "vitest";
import { isSameTable, renderTable } from "../../scripts/codegen/table.js";
import { timeLines } from "../../scripts/codegen/times.js";

const result = (titles: string[], status = "passed", meta = {}) => ({
  ancestorTitles: titles,
  status,
  meta,
});

const versions = { generators: { "gen-c": "1.2.3" }, versions: { C: "23.1.2", libc: "2.41" } };
const tests = [
  result(["C", "stubs"], "passed", versions),
  result(["C", "messages"]),
  result(["C", "messages"], "failed"),
  result(["C", "tokens", "of a kind"]),
  result(["C", "rules"], "passed", { libraries: { libcel: "0.9.1" } }),
  result(["D", "stubs"], "skipped"),
];

describe("the table of languages", () => {
  it("has what the run has told, and the groups of tests that have passed", () => {
    const { table, languages } = renderTable(tests);
    expect(languages).toBe(1);
    expect(table.split("\n").at(-1)).toBe(
      "| C | gen-c 1.2.3 | libc 2.41, libcel 0.9.1 | stubs; tokens; rules | C 23.1 |",
    );
  });

  it("differs by everything but the machine of the run", () => {
    const { table } = renderTable(tests);
    expect(isSameTable(table.replace("C 23.1", "C 24.0"), table)).toBe(true);
    expect(isSameTable(table.replace("gen-c 1.2.3", "gen-c 1.2.4"), table)).toBe(false);
    expect(isSameTable(table.replace("; rules", ""), table)).toBe(false);
  });
});

test("the times are shown with their sum and the goals", () => {
  expect(timeLines({ TypeScript: 1.04, Go: 0.2 }).slice(1)).toEqual([
    "  TypeScript   1.0 s  at most 2 s",
    "  Go           0.2 s",
    "  together     1.2 s  at most 8 s",
  ]);
});
