import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

/** A file of one of the tools that tools/package.json names. */
export function toolFile(path: string): string {
  return join(inject("tools"), "node_modules", path);
}

/** A tool's own program, of whose packages npm has installed that for this platform. */
export function toolBinary(scope: string, program: string): string {
  const packages = readdirSync(toolFile(scope)).sort();
  const found = packages.map((name) => join(toolFile(scope), name, program)).find(existsSync);
  if (found === undefined) throw new Error(`${scope} has no ${program} for this platform`);
  return found;
}
