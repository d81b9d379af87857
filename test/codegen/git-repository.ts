import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { installed, project } from "./project.js";
import { run } from "./run.js";

/** The contract in a git repository of its own, as an input of buf. */
export async function gitRepository(): Promise<string> {
  const folder = join(project(), "repository");
  await mkdir(folder, { recursive: true });
  for (const path of ["apis", "buf.yaml"]) {
    await cp(join(installed(), path), join(folder, path), { recursive: true });
  }
  const git = (...args: string[]) => run(["git", ...args], { folder });
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  await git(...author, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message=Contract");
  return `${join(folder, ".git")}#branch=main`;
}
