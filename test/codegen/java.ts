import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/buf.js";
import { writeCodeBlock } from "../support/code-block.js";
import { downloads, type Language } from "./language.js";
import { startProgram } from "./program.js";
import { installed, project } from "./project.js";
import { run } from "./run.js";

export const template = () => join(installed(), "codegen/java");
const folder = () => join(project(), "java");

export const java: Language = {
  name: "Java",
  tools: ["java", "mvn"],
  protocols: ["gRPC"],
  async prepare() {
    await cp(join(root, "test/codegen/java"), folder(), { recursive: true });
    await cp(join(template(), ".mvn"), join(folder(), ".mvn"), { recursive: true });
  },
  async generate(input) {
    await maven(template(), "generate-sources", `-Dapis=${input}`);
    return java.stubs();
  },
  stubs: () => join(template(), "target/generated-sources/protobuf"),
  async start() {
    await writeCodeBlock(template(), "class Secrets", join(folder(), "program/Secrets.java"));
    await maven(folder(), "package");
    const built = join(folder(), "program/target");
    const classpath = await readFile(join(built, "classpath"), "utf8");
    return startProgram(["java", "-cp", `${join(built, "classes")}:${classpath}`, "Program"]);
  },
  async generators() {
    const said = await run([join(template(), "target/plugins/protoc"), "--version"], {
      folder: template(),
    });
    // Its plugin for gRPC cannot tell its version.
    const pom = await readFile(join(template(), "pom.xml"), "utf8");
    const [, grpc = ""] = pom.match(/<grpc\.version>(.+)<\/grpc\.version>/) ?? [];
    return { protoc: said.trim().replace("libprotoc ", ""), "protoc-gen-grpc-java": grpc };
  },
  pins: "codegen/java/pom.xml",
};

async function maven(folder: string, ...args: string[]): Promise<void> {
  const flags = ["--quiet", "--batch-mode", `-Dmaven.repo.local=${join(downloads, "maven")}`];
  await run(["mvn", ...flags, ...args], { folder });
}
