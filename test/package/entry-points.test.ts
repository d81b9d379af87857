import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The generated files of each proto package, by the name of its entry point. */
const protoPackages = new Map<string, string[]>();
for (const path of readdirSync(join(root, "gen/ai/stigmer"), { recursive: true }).map(String)) {
  const [, entry, file] = /^\w+[\\/](.+)[\\/](\w+_pb\.ts)$/.exec(path) ?? [];
  if (entry === undefined || file === undefined) continue;
  const name = `./${entry.replaceAll("\\", "/")}`;
  protoPackages.set(name, [...(protoPackages.get(name) ?? []), join("gen/ai/stigmer", path)]);
}

/** What stands for the star in the path of a generated file. */
const generatedPaths = [...protoPackages.values()]
  .flat()
  .map((path) => path.replace(/^gen[\\/]/, "").replace(/_pb\.ts$/, ""));

const conditional = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === "string" ? [] : [[entry, target] as const],
);

describe("the entry points", () => {
  it("are one for each proto package, one for all generated files, and our own", () => {
    const own = [
      ...[".", "./wire", "./redaction", "./handshake", "./connect", "./testing", "./validation"],
      ...["./temporal", "./temporal/workflow", "./temporal/payload-converter"],
      "./gen/*_pb.js",
      "./package.json",
    ];
    expect(Object.keys(manifest.exports).sort()).toEqual([...own, ...protoPackages.keys()].sort());
  });

  it("stand in README, but for package.json", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    for (const entry of Object.keys(manifest.exports)) {
      if (entry === "./package.json") continue;
      // "`@stigmer/apis/temporal`, `.../temporal/workflow`"
      const ending = entry === "." ? "`@stigmer/apis" : entry.slice(1).replace("*", "...");
      expect(readme).toContain(`${ending}\``);
    }
  });

  it.each(conditional)("of %s are CommonJS only for tools that take nothing else", (_, target) => {
    // The first that a tool knows counts. Node takes `module-sync` to import and to require, and
    // bundlers take `module`, so that a program has one instance of each module.
    expect(Object.keys(target)).toEqual(["module-sync", "module", "import", "default"]);
    const { default: commonjs, ...modules } = target;
    expect(new Set(Object.values(modules))).toEqual(
      new Set([commonjs.replace("/dist/cjs/", "/dist/")]),
    );
  });

  it.each(conditional)("of %s export the same in CommonJS", async (_, target) => {
    for (const path of target.import.includes("*") ? generatedPaths : [""]) {
      const exported = Object.keys(await load(target.import.replace("*", path)));
      expect(exported.length).toBeGreaterThan(0);
      const commonjs = join(root, target.default.replace("*", path));
      const required: object = createRequire(import.meta.url)(commonjs);
      expect(Object.keys(required).sort()).toEqual(exported.sort());
    }
  });

  it("are found by TypeScript that does not read exports", () => {
    expect(manifest.main).toBe(manifest.exports["."].default);
    const types = conditional
      .filter(([entry]) => entry !== ".")
      .map(([entry, target]) => [entry.slice(2), [target.default.replace(/\.js$/, ".d.ts")]]);
    expect(manifest.typesVersions).toEqual({ "*": Object.fromEntries(types) });
  });

  it.each([...protoPackages])("of %s export all stubs and services", async (entry, files) => {
    const exported = await load(`src/${entry}.ts`);
    const generated = await Promise.all(files.map(load));
    const stubs = generated.flatMap((module) => Object.entries(module));
    expect(stubs.length).toBeGreaterThan(0);
    expect(Object.keys(exported).sort()).toEqual(stubs.map(([name]) => name).sort());
    for (const [name, stub] of stubs) expect(exported[name], name).toBe(stub);
  });
});

async function load(path: string): Promise<Record<string, unknown>> {
  return import(/* @vite-ignore */ pathToFileURL(join(root, path)).href);
}
