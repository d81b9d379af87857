import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buf, root } from "../../../../scripts/buf.js";
import { writeCodeBlock } from "../../../support/code-block.js";
import { findCommand } from "../../../support/find-command.js";

/**
 * A program on Temporal's SDK for that language: lines of JSON in, lines of JSON out. A line may ask for
 * the converter that the README of the language's stubs makes; one that is refused is answered as such.
 */
export interface Language {
  readonly name: string;
  /** The commands that must be on the PATH. */
  readonly tools: readonly string[];
  /** Generates the stubs and builds the program; resolves to the command that runs it. */
  build(): Promise<Command>;
}

type Command = readonly [string, ...string[]];

const sources = join(root, "test/temporal/payload-converter/interop");
// What is built is thrown away with the checkout; what is downloaded is kept for the next one.
const builds = join(root, "build/interop");
const downloads = join(
  process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
  "stigmer-apis/interop",
);

// Their READMEs say how a converter is made that takes JSON of a newer contract.
const readmeFolder = (language: string) => join(root, "codegen", language);

const go: Language = {
  name: "Go",
  tools: ["go"],
  async build() {
    const folder = join(builds, "go");
    await cp(join(sources, "go"), folder, { recursive: true });
    await writeCodeBlock(readmeFolder("go"), "DataConverter", join(folder, "lenient/lenient.go"));
    const plugin = join(folder, "protoc-gen-go");
    await run(
      ["go", "build", "-o", plugin, "google.golang.org/protobuf/cmd/protoc-gen-go"],
      folder,
    );
    const template = {
      version: "v2",
      clean: true,
      managed: {
        enabled: true,
        override: [{ file_option: "go_package_prefix", value: "interop/gen" }],
      },
      plugins: [
        {
          local: plugin,
          out: join(folder, "gen"),
          opt: "paths=source_relative",
          exclude_types: ["buf.validate"],
        },
      ],
    };
    const { status, stderr } = buf("generate", "--template", JSON.stringify(template));
    if (status !== 0) throw new Error(`buf generate failed:\n${stderr}`);
    const program = join(folder, "interop");
    await run(["go", "build", "-buildvcs=false", "-o", program, "."], folder);
    return [program];
  },
};

const python: Language = {
  name: "Python",
  tools: ["python3"],
  async build() {
    const requirements = join(sources, "python/requirements.txt");
    const interpreter = await pythonWith(requirements);
    const folder = join(builds, "python");
    await mkdir(folder, { recursive: true });
    const { stdout } = buf("ls-files");
    const protos = stdout.toString().trim().split("\n");
    await run([
      interpreter,
      "-m",
      "grpc_tools.protoc",
      "-Iapis",
      "-Ithird_party/protovalidate",
      `--python_out=${folder}`,
      ...protos,
    ]);
    await cp(join(sources, "python/main.py"), join(folder, "main.py"));
    await writeCodeBlock(readmeFolder("python"), "data_converter", join(folder, "lenient.py"));
    return [interpreter, join(folder, "main.py")];
  },
};

/** A virtual environment with these packages, made once. */
async function pythonWith(requirements: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(requirements));
  const folder = join(downloads, `python-${hash.digest("hex").slice(0, 12)}`);
  const interpreter = join(folder, "bin/python");
  const done = join(folder, "complete");
  const isComplete = await readFile(done).then(
    () => true,
    () => false,
  );
  if (isComplete) return interpreter;
  await run(["python3", "-m", "venv", "--clear", folder]);
  await run([interpreter, "-m", "pip", "install", "--quiet", "--requirement", requirements]);
  await writeFile(done, "");
  return interpreter;
}

const java: Language = {
  name: "Java",
  tools: ["java", "mvn"],
  async build() {
    const repository = `-Dmaven.repo.local=${join(downloads, "maven")}`;
    const pom = join(sources, "java/pom.xml");
    await run(["mvn", "--quiet", "--batch-mode", repository, "--file", pom, "process-classes"]);
    const folder = join(builds, "java");
    const classpath = await readFile(join(folder, "classpath"), "utf8");
    return ["java", "-cp", `${join(folder, "classes")}:${classpath}`, "Interop"];
  },
};

export const languages: readonly Language[] = [go, python, java];

/**
 * Whether the tools of a language are there. Says so in one line when they are not.
 *
 * Throws in CI (`CI=true`), where nothing may be skipped.
 */
export function isAvailable({ name, tools }: Language): boolean {
  const missing = tools.filter((tool) => findCommand(tool) === undefined);
  if (missing.length === 0) return true;
  const reason = `no ${missing.join(" and no ")} on the PATH for the payloads of Temporal's ${name} SDK`;
  if (process.env.CI === "true") throw new Error(reason);
  console.log(`skipped: ${reason}`);
  return false;
}

/** Runs a command with that standard input. Throws with what it says when it fails. */
export async function run([command, ...args]: Command, folder = root, input = ""): Promise<string> {
  const running = promisify(execFile)(command, args, { cwd: folder, maxBuffer: 2 ** 28 });
  // A command that ends early closes its input; its exit code says why.
  running.child.stdin?.on("error", () => {}).end(input);
  const { stdout } = await running;
  return stdout;
}
