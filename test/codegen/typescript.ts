import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
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

/** The protos of this input of buf, with their rules. */
export async function protosOf(input: string): Promise<FileRegistry> {
  const file = join(project(), "protos.binpb");
  await run(["buf", "build", input, "--output", file], { folder: project() });
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, await readFile(file)));
}

/** What made the package's own stubs. */
export async function typeScriptGenerators(): Promise<Versions> {
  const said = await run(["protoc-gen-es", "--version"], { folder: project() });
  return { "protoc-gen-es": said.trim().replace("protoc-gen-es v", "") };
}

/** What the package's own stubs run on here. */
export async function typeScriptVersions(): Promise<Versions> {
  const names = ["@bufbuild/protobuf", "@bufbuild/protovalidate", "@connectrpc/connect"];
  const versions = names.map(async (name) => {
    const manifest = join(project(), "node_modules", name, "package.json");
    return [name, JSON.parse(await readFile(manifest, "utf8")).version];
  });
  return { "Node.js": process.versions.node, ...Object.fromEntries(await Promise.all(versions)) };
}
