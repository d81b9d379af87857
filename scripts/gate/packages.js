import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../buf.js";
import { readFolder } from "../derive/files.js";

/**
 * The proto packages that package.json exports no entry point for. One is called as its package is from
 * the last name on, with the version behind it: `./workflowexecution/v1`.
 *
 * @returns {{ name: string, entryPoint: string }[]}
 */
export function packagesWithoutEntryPoint() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const folders = [...readFolder(join(root, "apis")).keys()].map((path) =>
    path.split("/").slice(0, -1),
  );
  return [...new Set(folders.map((names) => names.join(".")))]
    .map((name) => ({
      name,
      entryPoint: `./${/[^.]+(\.v\d\w*)?$/.exec(name)?.[0].replace(".", "/")}`,
    }))
    .filter(({ entryPoint }) => !(entryPoint in exports));
}
