import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/buf.js";
import type { Versions } from "./language.js";
import { project } from "./project.js";
import { run } from "./run.js";

/** Generates the package's own stubs from this input of buf; resolves to their folder. */
export async function generateTypeScript(input: string): Promise<string> {
  const folder = join(project(), "typescript");
  const args = ["--template", join(root, "buf.gen.yaml"), "--output", folder];
  await run(["buf", "generate", input, ...args], { folder: project() });
  return join(folder, "gen");
}

/** What made the package's own stubs. */
export async function typeScriptGenerators(): Promise<Versions> {
  const said = await run(["protoc-gen-es", "--version"], { folder: project() });
  return { "protoc-gen-es": said.trim().replace("protoc-gen-es v", "") };
}

/** What the package's own stubs run on here. */
export async function typeScriptVersions(): Promise<Versions> {
  const names = ["@bufbuild/protobuf", "@connectrpc/connect"];
  const versions = names.map(async (name) => {
    const manifest = join(project(), "node_modules", name, "package.json");
    return [name, JSON.parse(await readFile(manifest, "utf8")).version];
  });
  return { "Node.js": process.versions.node, ...Object.fromEntries(await Promise.all(versions)) };
}
