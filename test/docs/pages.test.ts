import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
// Inside the checkout, so that the blocks import the package by its name.
const folder = join(root, "build/pages");

const blocks = ["sizes"].flatMap((name) => {
  const page = readFileSync(join(root, `docs/${name}.md`), "utf8");
  const found = [...page.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)];
  return found.map(([, info, code = ""], index) => ({ file: `${name}-${index}.ts`, info, code }));
});

test("the TypeScript on the pages of docs/ compiles", () => {
  expect(blocks.map(({ file, info }) => `${file}: ${info}`)).toEqual(["sizes-0.ts: ts module"]);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { file, code } of blocks) writeFileSync(join(folder, file), code);
  const config = { extends: "../../tsconfig.json", compilerOptions: { rootDir: "." } };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...config, include: ["*.ts"] }));
  const tsc = ["--no-install", "tsc", "-p", folder];
  execFileSync("npx", tsc, { cwd: root, stdio: "inherit" });
});
