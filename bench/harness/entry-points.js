import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/buf.js";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** What a user can import from this package by a name of its own, and not as a generated file. */
export const entryPoints = Object.keys(manifest.exports)
  .filter((path) => path !== "./package.json" && !path.includes("*"))
  .map((path) => `${manifest.name}${path.slice(1)}`);

/** What a user of some entry points brings along. */
export const peerDependencies = Object.keys(manifest.peerDependencies);
