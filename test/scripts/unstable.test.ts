import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("one module uses what TypeScript calls unstable", () => {
  const files = ["scripts", "src", "test", "bench", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder), { encoding: "utf8", recursive: true })
      .filter((path) => /\.[jt]s$/.test(path))
      .map((path) => join(folder, path)),
  );
  const users = files.filter((path) =>
    /from "typescript\/unstable\//.test(readFileSync(join(root, path), "utf8")),
  );
  expect(users).toEqual(["scripts/derive/reference/api/typescript.js"]);
});
