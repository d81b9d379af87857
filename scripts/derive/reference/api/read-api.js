import { join } from "node:path";
import { root } from "../../../buf.js";
import { declarationOf } from "./declaration.js";
import { docComment } from "./doc-comment.js";
import { identifiersOf, isTop, pathOf, withProgram } from "./typescript.js";

/**
 * @import { EntryPoint } from "../entry-points.js"
 * @import { Declaration } from "./declaration.js"
 * @import { Name, Node, Program } from "./typescript.js"
 *
 * @typedef {object} Export
 * @property {string} name
 * @property {string} id The same for the same declaration, wherever it is exported or mentioned.
 * @property {string} comment In Markdown.
 * @property {Declaration} declaration
 * @property {{ name: string, id: string }[]} mentions What else of src/ and gen/ its types mention.
 *
 * @typedef {EntryPoint & { comment: string, exports: Export[] }} Module
 */

/**
 * What entry points export, with the doc comments of src/.
 *
 * @param {readonly EntryPoint[]} entryPoints
 * @returns {Module[]}
 */
export function readApi(entryPoints) {
  return withProgram(join(root, "scripts/derive/reference/tsconfig.json"), (program) =>
    entryPoints.map((entryPoint) => readModule(program, entryPoint)),
  );
}

/**
 * @param {Program} program
 * @param {EntryPoint} entryPoint
 * @returns {Module}
 */
function readModule(program, entryPoint) {
  const { text, exports } = program.moduleAt(join(root, entryPoint.source));
  const [, comment = ""] = /^(\/\*\*[\s\S]*?\*\/)\n\n/.exec(text) ?? [];
  return {
    ...entryPoint,
    comment: docComment(comment).text,
    exports: exports.map((exported) => readExport(program, exported)),
  };
}

/**
 * @param {Program} program
 * @param {Name} exported
 * @returns {Export}
 */
function readExport(program, exported) {
  const baseOf = (/** @type {Node} */ node) => {
    const base = program.nameAt(node);
    const [declared] = base ? program.declarationsOf(base) : [];
    return declared && pathOf(declared).startsWith("src/") ? declared : undefined;
  };
  const nodes = program.declarationsOf(exported);
  const { comment, sources, ...declaration } = declarationOf(nodes, baseOf);
  return {
    name: exported.name,
    id: idOf(program, exported) ?? exported.name,
    comment,
    declaration,
    mentions: mentionsIn(program, sources).filter(
      ({ name }) => name !== exported.name && new RegExp(`\\b${name}\\b`).test(declaration.text),
    ),
  };
}

/**
 * @param {Program} program
 * @param {readonly Node[]} nodes
 */
function mentionsIn(program, nodes) {
  /** @type {Map<string, { name: string, id: string }>} */
  const mentions = new Map();
  for (const node of nodes.flatMap(identifiersOf)) {
    const name = program.nameAt(node);
    const id = name && idOf(program, name);
    if (id !== undefined) mentions.set(id, { name: node.getText(), id });
  }
  return [...mentions.values()];
}

/**
 * Names a declaration at the top of a module of src/ or gen/; undefined for any other.
 *
 * @param {Program} program
 * @param {Name} name
 */
function idOf(program, name) {
  const [node] = program.declarationsOf(name);
  if (node === undefined || !/^(?:src|gen)\//.test(pathOf(node))) return undefined;
  return isTop(node) ? `${pathOf(node)}#${node.name?.getText()}` : undefined;
}
