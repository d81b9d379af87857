import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../buf.js";

/**
 * One way into the package.
 *
 * @typedef {object} EntryPoint
 * @property {string} name Its path below the package, without the dot: empty, `temporal/workflow`.
 * @property {string} specifier What a user imports: `@stigmer/apis/temporal/workflow`.
 * @property {string} source The module in src/: `src/temporal/workflow/index.ts`.
 */

/**
 * The entry points of the package, in the order of package.json. Not the generated files, whose
 * contents the entry points of the proto packages export too.
 *
 * @returns {EntryPoint[]}
 */
export function entryPoints() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.entries(manifest.exports).flatMap(([path, target]) => {
    if (typeof target === "string" || path.includes("*")) return [];
    const name = path.replace(/^\.\/?/, "");
    return [
      {
        name,
        specifier: [manifest.name, name].filter(Boolean).join("/"),
        source: target.default.replace(/^\.\/dist\/(.+)\.js$/, "$1.ts"),
      },
    ];
  });
}
