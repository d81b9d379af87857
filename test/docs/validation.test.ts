import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import cases from "../../conformance/validation-cases.json" with { type: "json" };
import { readPage, root } from "./pages/page.js";

const [, inProtos = "", inCode = ""] = readPage("docs/validation.md").text.split(
  "| rule | holds for | says |\n",
);

function rulesIn(table: string): string[] {
  const [rows = ""] = table.split("\n\n");
  const cells = [...rows.matchAll(/^\| (`.+?`) \|/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, rule = ""]) => rule));
}

test("docs/validation.md lists the rules that cases break, which are those of the protos", () => {
  const broken = new Set(cases.flatMap((it) => it.violations.map(({ rule }) => rule)));
  expect(rulesIn(inProtos).sort()).toEqual([...broken].sort());
});

test("docs/validation.md lists every rule that a violation may name", () => {
  const source = readFileSync(join(root, "src/validation/violation.ts"), "utf8");
  const [, union = ""] = /ViolationRule =([^;]+);/.exec(source) ?? [];
  const named = [...union.matchAll(/"([^"]+)"/g)].map(([, rule]) => rule);
  expect([...rulesIn(inProtos), ...rulesIn(inCode)].sort()).toEqual(named.sort());
});
