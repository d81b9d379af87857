import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npmInstall } from "./npm-install.js";
import { run } from "./run.js";

/** A folder of the user's cache, which is kept from run to run. */
export function cacheFolder(name: string): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "stigmer-apis", name);
}

/**
 * The folder of an npm package that is kept in the user's cache from run to run. Installs it there
 * when this version is not there yet.
 */
export async function cached(folder: string, name: string, version: string): Promise<string> {
  const install = (begun: string) => npmInstall(begun, { [name]: version });
  return join(await kept(folder, version, install), "node_modules", name);
}

/** The folder in which the tools of tools/package-lock.json are installed, kept likewise. */
export function cachedTools(): Promise<string> {
  const source = fileURLToPath(new URL("tools", import.meta.url));
  const lock = readFileSync(join(source, "package-lock.json"));
  const key = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  return kept("tools", key, async (begun) => {
    cpSync(source, begun, { recursive: true });
    // Their scripts would put binaries where they are faster to start.
    const options = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    await run(begun, "npm", "ci", ...options);
  });
}

async function kept(
  folder: string,
  key: string,
  install: (begun: string) => Promise<void>,
): Promise<string> {
  const parent = cacheFolder(folder);
  const path = join(parent, key);
  if (!existsSync(path)) {
    mkdirSync(parent, { recursive: true });
    // Another run, or one that was stopped, may have begun the same.
    const begun = mkdtempSync(join(parent, `${key}-`));
    try {
      await install(begun);
      renameSync(begun, path);
    } finally {
      rmSync(begun, { recursive: true, force: true });
    }
  }
  return path;
}
