import { expect, it } from "vitest";
import { renderTable } from "../../scripts/consumers/table.js";

const test = (tool: string, version: string, what: string, status = "passed") => ({
  status,
  meta: { told: { tool, version, what } },
});

it("the table of tools tells what has passed with each", () => {
  const table = renderTable([
    test("b", "2.0.0", "runs"),
    test("b", "2.0.0", "bundles"),
    test("b", "2.0.0", "bundles", "failed"),
    test("A", "1.0.0", "runs"),
    test("A", "1.1.0", "runs"),
    { status: "passed" },
  ]);
  expect(table.split("\n").slice(2)).toEqual([
    "| A | 1.0.0, 1.1.0 | runs |",
    "| b | 2.0.0 | runs |",
  ]);
});
