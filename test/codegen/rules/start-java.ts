import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../../scripts/buf.js";
import { writeCodeBlock } from "../../support/code-block.js";
import { template } from "../java.js";
import { type Program, startProgram } from "../program.js";
import type { Reader } from "../reader.js";
import { run } from "../run.js";

/** Lets a service of somebody who has followed the README check requests, and starts it. */
export async function startJava(reader: Reader): Promise<Program> {
  await reader.follow("npm install", "-Prules");
  const folder = join(reader.folder, "server");
  await cp(join(root, "test/codegen/rules/java"), folder, { recursive: true });
  await writeCodeBlock(template(), "class Validation", join(folder, "Validation.java"));
  const [, ...library] = / `(build\.buf):(protovalidate):(.+?)`/.exec(await readmeOf()) ?? [];
  const pom = await readFile(join(root, "test/codegen/java/program/pom.xml"), "utf8");
  await writeFile(join(folder, "pom.xml"), withDependency(pom, library));
  await run(["mvn", "--quiet", "--batch-mode", "package"], { folder, env: reader.env });
  const built = join(folder, "target");
  const classpath = await readFile(join(built, "classpath"), "utf8");
  return startProgram(["java", "-cp", `${join(built, "classes")}:${classpath}`, "Program"]);
}

const readmeOf = () => readFile(join(template(), "README.md"), "utf8");

function withDependency(pom: string, [group, artifact, version]: string[]): string {
  return pom.replace(
    "</dependencies>",
    `<dependency>
      <groupId>${group}</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>`,
  );
}
