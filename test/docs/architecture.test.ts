import { describe, expect, it } from "vitest";
import { allowed } from "../package/import-rules.js";
import { readPage } from "./pages/page.js";

const { text, blocks } = readPage("docs/architecture.md");
const drawing = blocks.find(({ language }) => language === "mermaid")?.text ?? "";

type Arrow = `${string} -> ${string}`;

const idOf = (part: string) => part.replace(" ", "-");
const parts = Object.keys(allowed).map(idOf);

function arrowsOf(mermaid: string): { from: string; to: string }[] {
  const labels = new Map<string, string>();
  for (const [, id = "", label = ""] of mermaid.matchAll(/([\w-]+)\(\["([^"]+)"\]\)/g)) {
    labels.set(id, label);
  }
  const lines = mermaid.matchAll(/^ +([\w-]+) --> ([\w-]+)(?:\(.*\))?$/gm);
  return [...lines].map(([, from = "", to = ""]) => ({ from, to: labels.get(to) ?? to }));
}

/** What the table allows, but for what a longer way leads to as well. */
function reduced(table: Readonly<Record<string, readonly string[]>>): Arrow[] {
  const isReached = (from: string, to: string): boolean =>
    (table[from] ?? []).some((next) => next === to || isReached(next, to));
  return Object.entries(table).flatMap(([from, targets]) =>
    targets
      .filter((to) => !targets.some((other) => other !== to && isReached(other, to)))
      .map((to): Arrow => `${idOf(from)} -> ${idOf(to)}`),
  );
}

describe("the drawing in docs/architecture.md", () => {
  it("shows what the parts of the source may import", () => {
    const drawn = arrowsOf(drawing).map(({ from, to }): Arrow => `${from} -> ${to}`);
    const expected = reduced(allowed)
      // What Node has is in the table below.
      .filter((arrow) => !arrow.includes("-> node:"))
      .map((arrow) => arrow.replace(/-> @temporalio$/, "-> @temporalio/*"));
    expect(drawn.sort()).toEqual(expected.sort());
  });

  it("has a line for each part", () => {
    const [, table = ""] = text.split("| part | holds |\n| --- | --- |\n");
    const [rows = ""] = table.split("\n\n");
    const named = [...rows.matchAll(/^\| `([^`]+)` \|/gm)].map(([, part]) => part);
    expect(named.sort()).toEqual([...parts].sort());
  });
});
