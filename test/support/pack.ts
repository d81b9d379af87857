import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Packs this package, as it is built, and returns the path of its tarball in that folder. */
export function packInto(folder: string): string {
  // To build it again would take it from the tests beside this one.
  const pack = ["pack", "--silent", "--ignore-scripts", "--json", "--pack-destination", folder];
  const output = execFileSync("npm", pack, { cwd: root, encoding: "utf8", stdio: "pipe" });
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return join(folder, filename);
}

/** Puts what the tarball of this package holds, and nothing else, into a folder. */
export function unpackInto(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const tarball = packInto(folder);
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  rmSync(tarball);
}

/** Lets a project find a package that this checkout has, unless it does already. */
export function linkPackage(project: string, name: string): void {
  const path = join(project, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(join(root, "node_modules", name), path, "junction");
}
