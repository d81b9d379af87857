import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPage, root } from "./pages/page.js";

// Each is compiled, and tried with messages of 5 MiB and with pings, by `npm run test:codegen`.
const programs = {
  Go: "test/codegen/go/limits.go",
  Python: "test/codegen/python/limits.py",
  Java: "test/codegen/java/program/Limits.java",
};

test.each(Object.entries(programs))("the settings of %s are those that are tried", (name, file) => {
  const [, section = ""] = readPage("docs/other-languages.md").text.split("### Limits of gRPC");
  const rows = section.split("\n").filter((line) => line.startsWith(`| ${name} |`));
  const settings = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, code]) => code));
  expect(settings).toHaveLength(3);
  const program = readFileSync(join(root, file), "utf8");
  for (const setting of settings) expect(program).toContain(setting);
});
