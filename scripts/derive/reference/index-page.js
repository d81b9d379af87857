import { pagePath, placesOfApi } from "./api/module-page.js";
import { addressOf, anchorOf, indexPath, oneLine, page, table } from "./markdown.js";

/**
 * @import { Module } from "./api/read-api.js"
 * @import { ProtoPackage } from "./contract/read-contract.js"
 */

/**
 * The first page of the reference.
 *
 * @param {readonly ProtoPackage[]} packages
 * @param {readonly Module[]} modules
 */
export function indexPage(packages, modules) {
  const places = placesOfApi(modules);
  const links = (/** @type {Module} */ { exports }) =>
    exports
      .filter(({ declaration: { kind } }) => kind !== "interface" && kind !== "type")
      .map(({ name, id }) => {
        const place = places.get(id);
        return place ? `[${name}](${addressOf(indexPath, place)})` : name;
      });
  return page([
    "# Reference",
    "Written by `npm run derive` from the comments in `apis/` and `src/`. The tests compile and run every example; after `// =>` stands what it prints.",
    "## The contract",
    table(
      ["proto package", "import its stubs from", "services"],
      packages.map(({ name, page, entryPoint, services }) => [
        `[${name}](${page})`,
        `\`@stigmer/apis/${entryPoint}\``,
        services.map((desc) => `[${desc.name}](${page}#${anchorOf(desc.name)})`).join(", "),
      ]),
    ),
    "## The TypeScript API",
    table(
      ["import from", "for"],
      modules.map((module) => [
        `[\`${module.specifier}\`](${pagePath(module.name)})`,
        [oneLine(module.comment), links(module).join(", ")].filter(Boolean).join("<br>"),
      ]),
    ),
  ]);
}
