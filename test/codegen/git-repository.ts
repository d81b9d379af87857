import { cp, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { installed, project } from "./project.js";
import { run } from "./run.js";

/** The contract and its templates in a git repository of their own; resolves to its folder. */
export async function gitRepository(): Promise<string> {
  const folder = await mkdtemp(join(project(), "repository-"));
  // Not what other tests have generated in the package.
  const filter = (source: string) => !/\/(?:gen|target|__pycache__)$/.test(source);
  for (const path of ["apis", "third_party", "codegen", "buf.yaml", "package.json"]) {
    await cp(join(installed(), path), join(folder, path), { recursive: true, filter });
  }
  const git = (...args: string[]) => run(["git", ...args], { folder });
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  await git(...author, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message=Contract");
  await git("tag", `v${manifest.version}`);
  return folder;
}
