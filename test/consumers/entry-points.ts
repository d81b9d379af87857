import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

/** The entry points of the installed package, as a program imports them, but not the generated files. */
export function entryPoints(): string[] {
  const manifest = join(inject("core"), "node_modules/@stigmer/apis/package.json");
  const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as { exports: object };
  return Object.keys(exports)
    .filter((entry) => entry !== "./package.json" && !entry.includes("*"))
    .map((entry) => entry.replace(".", "@stigmer/apis"))
    .sort();
}

/** The generated files, as the stubs of somebody's own protos import them. */
export function generatedFiles(): string[] {
  const folder = join(inject("core"), "node_modules/@stigmer/apis/dist/gen");
  return readdirSync(folder, { recursive: true })
    .map((file) => String(file).replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".js"))
    .map((file) => `@stigmer/apis/gen/${file}`)
    .sort();
}
