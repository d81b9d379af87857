import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * The files in which a folder is not what it should be.
 *
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} expected The texts by their paths in the folder.
 * @returns {{ path: string, state: "missing" | "surplus" | "differs" }[]}
 */
export function findDrift(folder, expected) {
  const found = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    : [];
  /** @type {(path: string) => { path: string, state: "missing" | "surplus" | "differs" }[]} */
  const compare = (path) => {
    const text = expected.get(path);
    if (text === undefined) return [{ path, state: "surplus" }];
    if (!found.includes(path)) return [{ path, state: "missing" }];
    return readFileSync(join(folder, path), "utf8") === text ? [] : [{ path, state: "differs" }];
  };
  return [...new Set([...expected.keys(), ...found])].sort().flatMap(compare);
}
