import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../buf.js";

/**
 * @typedef {object} Place
 * @property {string} path
 * @property {number} [line]
 * @property {number} [column]
 */

/**
 * The place of a finding, where its file exists. One about a file that is gone is shown at buf.yaml,
 * and so is one of buf that has no place.
 *
 * @param {Place} place
 * @returns {Place}
 */
export function existingPlace(place) {
  return place.path !== "" && existsSync(join(root, place.path))
    ? place
    : { path: "buf.yaml", line: 1 };
}
