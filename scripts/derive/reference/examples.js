import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { root } from "../../buf.js";

/** Where the examples of the public exports are. */
export const examplesFolder = "examples/exports";

/**
 * The example of an export of an entry point; without an export, that of the whole entry point.
 *
 * @param {string} entryPoint
 * @param {string} [exportName]
 */
export function examplePath(entryPoint, exportName) {
  const file = exportName === undefined ? "" : kebabCase(exportName);
  return `${posix.join(examplesFolder, entryPoint, file)}.ts`;
}

/**
 * The files of an example: its own, then those beside it that it needs, such as the workflow
 * `NAME.workflow.ts` of an example `NAME.ts`. None when there is no example.
 *
 * @param {string} path
 * @returns {{ path: string, code: string }[]}
 */
export function filesOfExample(path) {
  if (!existsSync(join(root, path))) return [];
  const prefix = posix.basename(path, "ts");
  const parts = readdirSync(join(root, dirname(path)))
    .filter((file) => file.startsWith(prefix) && file !== `${prefix}ts` && file.endsWith(".ts"))
    .sort()
    .map((file) => posix.join(posix.dirname(path), file));
  return [path, ...parts].map((file) => ({
    path: file,
    code: readFileSync(join(root, file), "utf8"),
  }));
}

/** @param {string} name */
function kebabCase(name) {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}
