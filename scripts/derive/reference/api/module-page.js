import {
  addressOf,
  anchorOf,
  codeBlock,
  firstSentence,
  listItem,
  mapProse,
  page,
  table,
  upLink,
} from "../markdown.js";

/**
 * @import { Place } from "../markdown.js"
 * @import { Declaration } from "./declaration.js"
 * @import { Export, Module } from "./read-api.js"
 *
 * @typedef {object} Context
 * @property {readonly Module[]} modules All that have a page.
 * @property {(id: string) => Place | undefined} placeOf Where a declaration is described.
 * @property {(exportName: string) => string} example
 */

/** In the order of the page. @type {[title: string, kinds: Declaration["kind"][]][]} */
const groups = [
  ["Functions", ["function"]],
  ["Constants", ["const"]],
  ["Classes", ["class"]],
  ["Types", ["interface", "type"]],
];

/** The page of an entry point. @param {string} entryPoint */
export function pagePath(entryPoint) {
  return `api/${entryPoint || "index"}.md`;
}

/**
 * Where each export is described, by its id.
 *
 * @param {readonly Module[]} modules
 * @returns {Map<string, Place>}
 */
export function placesOfApi(modules) {
  return new Map(
    modules.flatMap((module) =>
      module.exports.map((exported) => [
        exported.id,
        { page: pagePath(module.name), anchor: anchorOf(headingOf(exported)) },
      ]),
    ),
  );
}

/**
 * The page of an entry point.
 *
 * @param {Module} module
 * @param {Context} context
 */
export function modulePage(module, { modules, placeOf, example }) {
  const here = pagePath(module.name);

  /** @param {string} id @param {string} text */
  function link(id, text) {
    const place = placeOf(id);
    return place === undefined ? text : `[${text}](${addressOf(here, place)})`;
  }

  /** The export that a doc comment means by a name. @param {string} name */
  function named(name) {
    const found = [module, ...modules].flatMap(({ exports }) =>
      exports.filter((exported) => exported.name === name),
    );
    return found[0]?.id;
  }

  /** @param {string} comment @param {string} self Not linked. */
  function linked(comment, self = "") {
    return mapProse(comment, (prose) =>
      prose.replaceAll(/`(\w+)(?:\([^`]*\))?`/g, (code, name) => {
        const id = name === self ? undefined : named(name);
        return id === undefined ? code : link(id, code);
      }),
    );
  }

  /** @param {Export} exported */
  function section(exported) {
    const { name, comment, declaration, mentions } = exported;
    const links = mentions
      .filter(({ id }) => placeOf(id) !== undefined)
      .map((mention) => link(mention.id, `\`${mention.name}\``));
    return [
      `### ${headingOf(exported)}`,
      codeBlock("ts", declaration.text),
      links.length === 0 ? "" : `Types: ${links.join(", ")}`,
      linked(comment, name),
      declaration.members
        .map((member) => listItem(`\`${member.name}\`: ${linked(member.comment)}`))
        .join("\n"),
      example(name),
    ];
  }

  const sections = groups
    .map(([title, kinds]) => ({
      title,
      exports: module.exports.filter(({ declaration }) => kinds.includes(declaration.kind)),
    }))
    .filter(({ exports }) => exports.length > 0);
  const overview = sections.flatMap(({ exports }) =>
    exports.map((exported) => [
      `[\`${exported.name}\`](#${anchorOf(headingOf(exported))})`,
      exported.declaration.kind,
      linked(firstSentence(exported.comment)),
    ]),
  );
  return page([
    `# ${module.specifier}`,
    upLink(here),
    linked(module.comment),
    table(["export", "kind", "in short"], overview),
    ...sections.flatMap(({ title, exports }) => [`## ${title}`, ...exports.flatMap(section)]),
  ]);
}

/** Its word keeps a type apart from the function of its name, also in an anchor. @param {Export} exported */
function headingOf({ name, declaration: { kind } }) {
  if (kind === "function") return `${name}()`;
  return kind === "const" ? name : `${kind} ${name}`;
}
