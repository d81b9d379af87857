import { join } from "node:path";
import { runnerImport } from "vite";
import { root } from "../buf.js";

/**
 * Loads a module of TypeScript as it is, because what derives must not wait for a build: that compiles
 * against the stubs, which may be what is to be derived.
 *
 * @param {string} path In the checkout.
 */
export async function loadModule(path) {
  const { module } = await runnerImport(join(root, path), {
    root,
    configFile: false,
    logLevel: "error",
  });
  return module;
}
