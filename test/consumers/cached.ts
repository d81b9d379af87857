import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { npmInstall } from "./npm-install.js";

/**
 * The folder of an npm package that is kept in the user's cache from run to run. Installs it there
 * when this version is not there yet.
 */
export async function cached(folder: string, name: string, version: string): Promise<string> {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const parent = join(base, "stigmer-apis", folder);
  const kept = join(parent, version);
  if (!existsSync(kept)) {
    mkdirSync(parent, { recursive: true });
    // Another run, or one that was stopped, may have begun the same.
    const begun = mkdtempSync(join(parent, `${version}-`));
    try {
      await npmInstall(begun, { [name]: version });
      renameSync(begun, kept);
    } finally {
      rmSync(begun, { recursive: true, force: true });
    }
  }
  return join(kept, "node_modules", name);
}
