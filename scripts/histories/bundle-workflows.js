import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { root } from "../buf.js";

/** The workflows of the scenarios with the package's workflow code as it is in src/: no build is needed. */
export function bundleWorkflows() {
  const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const aliases = Object.entries(exports)
    .filter(([, target]) => target.default !== undefined && !target.import.includes("*"))
    .map(([entry, target]) => [`${join(name, entry)}$`, sourceOf(target.import)]);
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL("workflows.js", import.meta.url)),
    payloadConverterPath: sourceOf(exports["./temporal/payload-converter"].import),
    logger: new DefaultLogger("ERROR"),
    webpackConfigHook: (config) => {
      const alias = { ...config.resolve?.alias, ...Object.fromEntries(aliases) };
      return { ...config, resolve: { ...config.resolve, alias } };
    },
  });
}

/**
 * The source of a file of the build.
 *
 * @param {string} path
 */
function sourceOf(path) {
  return join(root, path.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts"));
}
