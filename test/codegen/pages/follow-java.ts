import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { filesOf, readPage } from "../../docs/pages/page.js";
import { template } from "../java.js";
import { downloads } from "../language.js";
import { project } from "../project.js";
import { run } from "../run.js";
import type { Followed } from "./handshakes.js";
import { runProgram } from "./page-program.js";

/** Does what docs/java.md says. */
export async function followJava(): Promise<Followed> {
  const page = readPage("docs/java.md");
  const [commands = ""] = page.blocks
    .filter(({ language }) => language === "sh")
    .map(({ text }) => text);
  const [compile = "", ...runs] = commands.trim().split("\n");
  const folder = join(project(), "java-page");
  const repository = `-Dmaven.repo.local=${join(downloads, "maven")}`;
  const env = { MAVEN_OPTS: `${repository} -XX:TieredStopAtLevel=1` };
  await run(["mvn", "--quiet", "--batch-mode", "install"], { folder: template(), env });
  for (const [file, text] of filesOf(page)) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  await run(["sh", "-c", compile], { folder, env });
  return {
    start(program, variables) {
      const line = runs.find((line) => line.endsWith(program));
      if (line === undefined) throw new Error(`the page does not say how to run ${program}`);
      return runProgram(line, { cwd: folder, env: { ...process.env, ...env, ...variables } });
    },
  };
}
