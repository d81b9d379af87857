import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { root } from "../buf.js";

/**
 * Texts by their paths.
 *
 * @typedef {ReadonlyMap<string, string>} Files
 *
 * @typedef {{ readonly path: string, readonly state: "missing" | "surplus" | "differs" }} Drift
 */

/**
 * The files of a folder, by their paths in it. None when there is no such folder.
 *
 * @param {string} folder
 * @returns {Map<string, string>}
 */
export function readFolder(folder) {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path).replaceAll(sep, "/"), readFileSync(path, "utf8")]),
  );
}

/**
 * The files in which the checkout is not what it should be.
 *
 * @param {Files} expected By their paths in the checkout.
 * @param {string} [folder] One that must hold nothing else.
 * @returns {Drift[]}
 */
export function findDrift(expected, folder) {
  const inFolder = folder === undefined ? [] : [...readFolder(join(root, folder)).keys()];
  const paths = new Set([...expected.keys(), ...inFolder.map((path) => `${folder}/${path}`)]);
  /** @type {(path: string) => Drift[]} */
  const compare = (path) => {
    const text = expected.get(path);
    const file = join(root, path);
    if (text === undefined) return [{ path, state: "surplus" }];
    if (!existsSync(file)) return [{ path, state: "missing" }];
    return readFileSync(file, "utf8") === text ? [] : [{ path, state: "differs" }];
  };
  return [...paths].sort().flatMap(compare);
}

/**
 * Makes the files what they should be.
 *
 * @param {Files} expected
 * @param {readonly Drift[]} drift
 */
export function mend(expected, drift) {
  for (const { path } of drift) {
    const text = expected.get(path);
    const file = join(root, path);
    if (text === undefined) {
      rmSync(file);
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}
