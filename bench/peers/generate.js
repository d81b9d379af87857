import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { buf, root } from "../../scripts/buf.js";

const folder = join(root, "build/bench");
const files = {
  AgentExecution: "ai/stigmer/agentic/agentexecution/v1/api",
  WorkflowExecution: "ai/stigmer/agentic/workflowexecution/v1/api",
};

/** @typedef {keyof typeof files} Kind */

/**
 * Writes the stubs of both generators to build/bench/, from apis/.
 */
export function generateStubs() {
  const paths = Object.values(files).flatMap((file) => ["--path", `apis/${file}.proto`]);
  const template = "bench/peers/buf.gen.yaml";
  const { status, stderr } = buf("generate", "--template", template, "--include-imports", ...paths);
  if (status !== 0) throw new Error(`buf generate failed:\n${stderr}`);
}

/**
 * Loads a kind of execution from the stubs that a generator has written.
 *
 * @param {"protobuf-ts" | "ts-proto"} generator
 * @param {Kind} kind
 */
export async function loadStubs(generator, kind) {
  const outfile = join(folder, generator, `${kind}.js`);
  buildSync({
    entryPoints: [join(folder, generator, `${files[kind]}.ts`)],
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
  });
  return (await import(pathToFileURL(outfile).href))[kind];
}
