import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { root } from "../../scripts/buf.js";

/**
 * How the tests find and start a Temporal server. They are in TypeScript, which Node 20 does not run.
 *
 * @returns {Promise<typeof import("../../test/temporal/server.js")>}
 */
export function importServer() {
  const outfile = join(root, "build/bench/temporal-server.js");
  buildSync({
    entryPoints: [join(root, "test/temporal/server.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
  return import(pathToFileURL(outfile).href);
}
