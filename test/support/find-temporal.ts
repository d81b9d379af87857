import { homedir } from "node:os";
import { join } from "node:path";
import { findCommand } from "./find-command.js";

/** The program `temporal`, from the PATH or the user's cache; undefined if there is none. */
export function findTemporal(): string | undefined {
  return findCommand("temporal", temporalFolder());
}

/** Where it is looked for beside the PATH. */
export function temporalFolder(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(cache, "stigmer-apis", "bin");
}
