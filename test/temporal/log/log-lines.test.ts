import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Which side a folder of the sources is on. */
const sides = { caller: "caller", runner: "runner", workflow: "runner" };

test("docs/tracing.md lists every log line, with its level and its side", () => {
  const page = readFileSync(join(root, "docs/tracing.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([^`]+ [^`]+)` \| (\w+) \| (\w+) \|/gm)];
  const listed = rows.map(([, message, level, side]) => `${side} ${level}: ${message}`);
  const found = Object.entries(sides).flatMap(([folder, side]) =>
    callsIn(join(root, "src/temporal", folder)).map((call) => `${side} ${call}`),
  );
  expect(found.length).toBeGreaterThan(10);
  expect(listed.sort()).toEqual([...new Set(found)].sort());
});

/** The calls of a logger in the files of a folder: the level, and each text that is given. */
function callsIn(folder: string): string[] {
  const code = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const calls = code.flatMap((text) => [
    ...text.matchAll(/\blog\.(trace|debug|info|warn|error)\(([\s\S]+?)\);/g),
  ]);
  return calls.flatMap(([, level, given = ""]) =>
    [...given.matchAll(/"([^"]+)"/g)].map(([, message]) => `${level}: ${message}`),
  );
}
