import { readdirSync, readFileSync } from "node:fs";
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

describe("the entry points", () => {
  it("are one for each proto package, one for all generated files, and our own", () => {
    const own = [
      ...[".", "./wire", "./redaction", "./handshake", "./connect", "./testing"],
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

  it.each(Object.entries(manifest.exports))("of %s say where its types are first", (_, target) => {
    if (typeof target === "string") {
      expect(target).toBe("./package.json");
    } else {
      expect(Object.keys(target)).toEqual(["types", "default"]);
      expect(target.types).toBe(target.default.replace(/\.js$/, ".d.ts"));
    }
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
