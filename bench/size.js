import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { root } from "../scripts/buf.js";
import { entryPoints, peerDependencies } from "./harness/entry-points.js";

/** @import { Goal, Report, Row } from "./harness/report.js" */

const apps = join(root, "bench/apps");
const describe = 'export { describeCallbackToken } from "@stigmer/apis";';

/**
 * What entry points and small apps weigh, bundled and minified by esbuild, and gzipped.
 *
 * @returns {Promise<Report>}
 */
export async function bench() {
  return {
    title: "size: bundled, minified, gzipped; peer dependencies are not counted",
    checked: [],
    groups: [
      {
        name: "all that an entry point exports",
        rows: [
          row("@bufbuild/protobuf", sizeOf('export * from "@bufbuild/protobuf";')),
          ...entryPoints.map((entryPoint) =>
            row(
              entryPoint,
              sizeOf(`export * from "${entryPoint}";`),
              entryPoint.endsWith("/wire") ? { atMost: 1_500 } : undefined,
            ),
          ),
        ],
      },
      // The helpers serve both kinds of execution, so that their stubs are part of both apps.
      compareApps("an app with both kinds of execution", ["workflow", "agent"], {
        getAndSet: { atMost: 1_500 },
        describe: { atMost: 4_500 },
      }),
      compareApps("an app with workflow executions only", ["workflow"]),
    ],
  };
}

/**
 * @param {string} name
 * @param {string[]} kinds
 * @param {{ getAndSet?: Goal, describe?: Goal }} [goals]
 */
function compareApps(name, kinds, goals = {}) {
  const app = (/** @type {string} */ access) =>
    kinds.map((kind) => `export * from "./${kind}-${access}.js";`).join("\n");
  const fields = sizeOf(app("fields"));
  const helpers = sizeOf(app("helpers"));
  const described = sizeOf(`${app("helpers")}\n${describe}`);
  return {
    name,
    rows: [
      row("gets and sets tokens by field access", fields),
      row("the same by the helpers", helpers),
      row("what the helpers add", helpers - fields, goals.getAndSet),
      row("what they add when it also describes tokens", described - fields, goals.describe),
    ],
  };
}

/**
 * @param {string} name
 * @param {number} value
 * @param {Goal} [goal]
 * @returns {Row}
 */
function row(name, value, goal) {
  return { name, value, unit: "bytes", ...(goal === undefined ? undefined : { goal }) };
}

/** @param {string} contents */
function sizeOf(contents) {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: apps },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    external: peerDependencies,
    write: false,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("esbuild wrote nothing");
  return gzipSync(output.contents, { level: constants.Z_BEST_COMPRESSION }).length;
}
