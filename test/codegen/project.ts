import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../../scripts/buf.js";

const variable = "STIGMER_CODEGEN_PROJECT";

/** The folder of a project that has installed the package from its tarball, without a registry. */
export function project(): string {
  const folder = process.env[variable];
  if (folder === undefined) throw new Error("run by vitest --config test/codegen/vitest.config.ts");
  return folder;
}

/** The package in that project. */
export function installed(): string {
  return join(project(), "node_modules/@stigmer/apis");
}

/** Vitest's global setup: makes the project, and removes it in the end. */
export default function makeProject(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-codegen-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.env[variable] = folder;
  try {
    install(folder);
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}

function install(folder: string): void {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [tarball = ""] = readdirSync(folder);
  mkdirSync(installed(), { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", installed(), "--strip-components=1"]);
  const manifest = JSON.parse(readFileSync(join(installed(), "package.json"), "utf8"));
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const path = join(folder, "node_modules", name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(root, "node_modules", name), path, "junction");
  }
}
