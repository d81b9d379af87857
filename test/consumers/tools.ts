import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

/** A file of one of the tools that tools/package.json names. */
export function toolFile(path: string): string {
  return join(inject("tools"), "node_modules", path);
}

/** A tool's own program, in that of the packages of a scope that is for this platform. */
export function toolBinary(scope: string, program: string): string {
  const packages = readdirSync(scope).sort();
  const found = packages.map((name) => join(scope, name, program)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`expected ${program} for this platform in ${scope}`);
  return found;
}
