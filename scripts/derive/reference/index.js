import { modulePage, pagePath, placesOfApi } from "./api/module-page.js";
import { readApi } from "./api/read-api.js";
import { linkingTo, placesOfContract } from "./contract/names.js";
import { packagePage } from "./contract/package-page.js";
import { readContract } from "./contract/read-contract.js";
import { entryPoints } from "./entry-points.js";
import { examplePath, filesOfExample } from "./examples.js";
import { indexPage } from "./index-page.js";
import { codeBlock, indexPath } from "./markdown.js";

/**
 * The whole reference: the pages by their paths below docs/reference.
 *
 * @returns {Map<string, string>}
 */
export function renderReference() {
  const packages = readContract();
  const contractPlaces = placesOfContract(packages);
  const isStub = (/** @type {string} */ name) =>
    packages.some(({ entryPoint }) => entryPoint === name);
  const modules = readApi(entryPoints().filter(({ name }) => !isStub(name)));
  const apiPlaces = placesOfApi(modules);

  const linked = linkingTo(packages, contractPlaces);
  const placeOf = (/** @type {string} */ id) => {
    // gen/ai/stigmer/agentic/workflowexecution/v1/api_pb.ts#WorkflowExecution
    const [, path = "", name] = /^gen\/(.+)\/\w+_pb\.ts#(\w+)$/.exec(id) ?? [];
    return apiPlaces.get(id) ?? contractPlaces.get(`${path.replaceAll("/", ".")}.${name}`);
  };

  return new Map([
    entry(indexPath, indexPage(packages, modules)),
    ...packages.map((proto) => {
      const example = exampleOn(proto.page, proto.entryPoint);
      return entry(proto.page, packagePage(proto, { places: contractPlaces, linked, example }));
    }),
    ...modules.map((module) => {
      const path = pagePath(module.name);
      const example = exampleOn(path, module.name);
      return entry(path, modulePage(module, { modules, placeOf, example }));
    }),
  ]);
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {[string, string]}
 */
function entry(path, text) {
  return [path, text];
}

/**
 * Gives the examples of an entry point as its page shows them. Empty for an export that has none.
 *
 * @param {string} page
 * @param {string} entryPoint
 * @returns {(exportName?: string) => string}
 */
function exampleOn(page, entryPoint) {
  const toRoot = "../".repeat(page.split("/").length + 1);
  return (exportName) =>
    filesOfExample(examplePath(entryPoint, exportName))
      .map(({ path, code }) => {
        const file = path.split("/").at(-1);
        return `Example ([${file}](${toRoot}${path})):\n\n${codeBlock("ts", code)}`;
      })
      .join("\n\n");
}
