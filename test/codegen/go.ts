import { cp } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/buf.js";
import { writeCodeBlock } from "../support/code-block.js";
import { downloads, type Language } from "./language.js";
import { startProgram } from "./program.js";
import { installed, project } from "./project.js";
import { run } from "./run.js";

const template = () => join(installed(), "codegen/go");
const folder = () => join(project(), "go");
const plugins = join(downloads, "go");

export const go: Language = {
  name: "Go",
  tools: ["go"],
  protocols: ["gRPC", "Connect"],
  async prepare() {
    for (const file of ["go.mod", "go.sum"]) await cp(join(template(), file), join(folder(), file));
    await run(["go", "install", "tool"], { folder: template(), env: { GOBIN: plugins } });
  },
  async generate(input) {
    const args = ["--template", join(template(), "buf.gen.yaml")];
    await run(["buf", "generate", input, ...args], { folder: folder(), path: [plugins] });
    return go.stubs();
  },
  stubs: () => join(folder(), "gen"),
  async start() {
    await cp(join(root, "test/codegen/go"), join(folder(), "program"), { recursive: true });
    await writeCodeBlock(
      template(),
      "func WithoutSecrets",
      join(folder(), "program/redact/redact.go"),
    );
    // Without -trimpath, the folder, which is another one in each run, would be part of what is built.
    const flags = ["-trimpath", "-buildvcs=false"];
    await run(["go", "build", ...flags, "./..."], { folder: folder() });
    const program = join(folder(), "bin/program");
    await run(["go", "build", ...flags, "-o", program, "./program"], { folder: folder() });
    return startProgram([program]);
  },
  async generators() {
    const names = ["protoc-gen-go", "protoc-gen-go-grpc", "protoc-gen-connect-go"];
    const versions = names.map(async (name) => {
      const said = await run([name, "--version"], { folder: folder(), path: [plugins] });
      return [name, said.trim().replace(/^.*?v?(?=\d)/, "")];
    });
    return Object.fromEntries(await Promise.all(versions));
  },
  pins: "codegen/go/go.mod",
};
