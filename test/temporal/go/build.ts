import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../../scripts/buf.js";
import { findCommand } from "../../support/find-command.js";

const sources = join(root, "test/temporal/go");
const codegen = join(root, "codegen/go");
const build = join(root, "build/temporal/go");
const tools = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "stigmer-apis/go/bin");

/**
 * Whether the workers in Go can be built. Says so in one line when they cannot.
 *
 * Throws in CI (`CI=true`), where nothing may be skipped.
 */
export function goAvailable(): boolean {
  if (findCommand("go") !== undefined) return true;
  const missing = "no go on the PATH for the workers on Temporal's Go SDK";
  if (process.env.CI === "true") throw new Error(missing);
  console.log(`skipped: ${missing}`);
  return false;
}

/** Generates the stubs and builds the workers; resolves to the paths of their programs. */
export async function buildGoWorkers(): Promise<{ caller: string; runner: string }> {
  await run("go", ["install", "tool"], codegen, { GOBIN: tools });
  // Generating leaves what is there, also the stubs of what the contract no longer has.
  await rm(join(build, "gen"), { recursive: true, force: true });
  await mkdir(build, { recursive: true });
  // The module that the go.mod of the workers looks for.
  await writeFile(join(build, "go.mod"), "module github.com/stigmer/apis\n\ngo 1.26\n");
  await run(
    join(root, "node_modules/.bin/buf"),
    ["generate", "--template", join(codegen, "buf.gen.yaml"), "--output", build],
    root,
    { PATH: `${tools}${delimiter}${process.env.PATH}` },
  );
  const bin = join(build, "bin");
  await run("go", ["build", "-buildvcs=false", "-o", `${bin}/`, "./caller", "./runner"], sources);
  return { caller: join(bin, "caller"), runner: join(bin, "runner") };
}

async function run(
  command: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  await promisify(execFile)(command, args, { cwd, env: { ...process.env, ...env } });
}
