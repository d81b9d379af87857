import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/buf.js";
import { writeCodeBlock } from "../support/code-block.js";
import { downloads, type Language } from "./language.js";
import { startProgram } from "./program.js";
import { installed, project } from "./project.js";
import { run } from "./run.js";

export const template = () => join(installed(), "codegen/python");
const sources = join(root, "test/codegen/python");
export const folder = () => join(project(), "python");
let bin: string;

export const python: Language = {
  name: "Python",
  tools: ["python3"],
  protocols: ["gRPC"],
  async prepare() {
    await mkdir(folder(), { recursive: true });
    bin = await environmentWith([
      join(template(), "requirements.txt"),
      join(sources, "requirements.txt"),
    ]);
  },
  async generate(input) {
    const args = ["--template", join(template(), "buf.gen.yaml")];
    await run(["buf", "generate", input, ...args], { folder: folder(), path: [bin] });
    return python.stubs();
  },
  stubs: () => join(folder(), "gen"),
  async start() {
    await cp(sources, folder(), { recursive: true });
    await writeCodeBlock(template(), "def without_secrets", join(folder(), "without_secrets.py"));
    await run([join(bin, "python3"), "-m", "compileall", "-q", "gen"], { folder: folder() });
    return startProgram([join(bin, "python3"), join(folder(), "main.py")], {
      PYTHONPATH: join(folder(), "gen"),
    });
  },
  async generators() {
    const code = 'from importlib.metadata import version; print(version("grpcio-tools"))';
    const said = await run([join(bin, "python3"), "-c", code], { folder: folder() });
    return { "grpcio-tools": said.trim() };
  },
  pins: "codegen/python/requirements.txt",
};

/** Generates the stubs of the installed package with the rules; resolves to their folder. */
export async function generateWithRules(): Promise<string> {
  const output = join(folder(), "rules");
  const args = ["--template", join(template(), "buf.gen.rules.yaml"), "--output", output];
  await run(["buf", "generate", installed(), ...args], { folder: folder(), path: [bin] });
  return join(output, "gen");
}

/** Checks these files of the program against the .pyi files. Throws what mypy finds. */
export async function checkTypes(...files: string[]): Promise<void> {
  const command = ["-m", "mypy", "--explicit-package-bases", "--cache-dir=.mypy"];
  await run([join(bin, "python3"), ...command, ...files], {
    folder: folder(),
    env: { MYPYPATH: "gen" },
  });
}

/** Checks a file against the packages of another virtual environment. Throws what mypy finds. */
export async function checkTypesIn(
  folder: string,
  interpreter: string,
  file: string,
): Promise<void> {
  const command = ["-m", "mypy", "--cache-dir=.mypy", `--python-executable=${interpreter}`];
  await run([join(bin, "python3"), ...command, file], { folder });
}

/**
 * The programs of a virtual environment in which these requirements are installed and these commands were
 * run. It is made once.
 */
export async function environmentWith(
  requirements: readonly string[],
  commands: readonly string[] = [],
): Promise<string> {
  const hash = createHash("sha256");
  for (const file of requirements) hash.update(await readFile(file));
  for (const command of commands) hash.update(command);
  const environment = join(downloads, `python-${hash.digest("hex").slice(0, 12)}`);
  const programs = join(environment, "bin");
  const done = join(environment, "complete");
  if (existsSync(done)) return programs;
  const files = requirements.flatMap((file) => ["--requirement", file]);
  await run(["python3", "-m", "venv", "--clear", environment], { folder: root });
  await run([join(programs, "python3"), "-m", "pip", "install", "--quiet", ...files], {
    folder: root,
  });
  for (const command of commands) {
    await run(["sh", "-c", command], { folder: root, path: [programs] });
  }
  await writeFile(done, "");
  return programs;
}
