import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { root } from "../buf.js";

const suffix = ".json.gz";

/** Where the histories of a version are kept. @param {string} version */
export function folderOf(version) {
  return `baseline/${version}/histories`;
}

/**
 * @typedef {object} HistoryFile
 * @property {string} path
 * @property {string} version
 * @property {string} name such as `heartbeats.runner.heartbeating`
 */

/** The histories of all versions. @returns {HistoryFile[]} */
export function listHistories() {
  return readdirSync(join(root, "baseline")).flatMap((version) => {
    const folder = folderOf(version);
    if (!existsSync(join(root, folder))) return [];
    const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(suffix));
    return names.sort().map((name) => ({
      path: `${folder}/${name}`,
      version,
      name: name.slice(0, -suffix.length),
    }));
  });
}

/** @param {string} path */
export function readHistory(path) {
  return JSON.parse(gunzipSync(readFileSync(join(root, path))).toString());
}

/**
 * Writes the histories of a version, in place of those that it has.
 *
 * @param {string} version
 * @param {ReadonlyMap<string, object>} histories
 */
export function writeHistories(version, histories) {
  const folder = join(root, folderOf(version));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, history] of histories) {
    writeFileSync(
      join(folder, `${name}${suffix}`),
      gzipSync(JSON.stringify(history), { level: 9 }),
    );
  }
}
