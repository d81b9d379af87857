import { expect, test } from "vitest";
import { sectionOf } from "../../scripts/gate/changelog.js";

const codesIn = (section: string, version = "0.2.0") =>
  sectionOf(section, version)?.breaking.flatMap(({ codes }) => codes);

test.each([
  "## 0.2.0",
  "## 0.2.0 - 2026-12-01",
  "## [0.2.0] - 2026-12-01",
  "## [0.2.0](../compare/v0.1.0...v0.2.0) (2026-12-01)",
  "## v0.2.0",
  "# 0.2.0 (2026-12-01)",
])("the section of a version is found under %j, whatever ends its lines", (heading) => {
  for (const end of ["\n", "\r\n"]) {
    const text = ["# Changelog", heading, "### Breaking", "- `A.b`: `RULE`.", "## 0.1.0", "- `C`"];
    expect(codesIn(text.join(end))).toEqual(["A.b", "RULE"]);
  }
});

test.each([
  "## 0.2.0-rc.1",
  "## 0.2.01",
  "## 10.2.0",
  "### 0.2.0",
  "## About 0.2.0",
  "    ## 0.2.0",
])("it is not the one under %j", (heading) => {
  expect(sectionOf(`${heading}\n\n### Breaking\n\n- \`A\``, "0.2.0")).toBeUndefined();
});

test.each(["### Breaking", "### Breaking changes", "### ⚠ BREAKING CHANGES", "#### BREAKING"])(
  "the Breaking part is found under %j, and ends with the next heading",
  (heading) => {
    expect(codesIn(`## 0.2.0\n\n${heading}\n\n- \`A\`\n\n### Added\n\n- \`B\``)).toEqual(["A"]);
  },
);

test("only code spans are names: no prose, no comment, no block of code", () => {
  const text = `## 0.2.0

### Breaking

- every platform of your organization, and A.b
- **\`C.d\`**, with more
  on the next line: [\`E\`](x)

  1. and \`F\` below it

<!-- - \`Hidden\` -->

\`\`\`md
## 0.1.0
- \`Fenced\`
\`\`\`

A paragraph with \`G\`.

## 0.1.0`;
  expect(codesIn(text)).toEqual(["C.d", "E", "F", "G"]);
  expect(sectionOf(text, "0.2.0")?.text).toContain("A paragraph");
});

test("each item is an entry of its own", () => {
  const text = "## 0.2.0\n\n### Breaking\n\n- `A`\n- `RULE`\n";
  expect(sectionOf(text, "0.2.0")?.breaking.map(({ codes }) => codes)).toEqual([["A"], ["RULE"]]);
});

test("a section without anything in it is none", () => {
  expect(sectionOf("## 0.2.0\n\n## 0.1.0\n\n- First.", "0.2.0")).toBeUndefined();
});
