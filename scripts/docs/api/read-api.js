import { join, relative, sep } from "node:path";
import { isIdentifier, SyntaxKind } from "typescript/unstable/ast";
import { API, SymbolFlags } from "typescript/unstable/sync";
import { root } from "../../buf.js";
import { declarationOf } from "./declaration.js";
import { docComment } from "./doc-comment.js";

// TypeScript's own API, as it is in the version that package.json pins. It is used in this folder
// only; typedoc needs an older TypeScript beside the one that compiles the package.

/**
 * @import { EntryPoint } from "../entry-points.js"
 * @import { Declaration } from "./declaration.js"
 * @import { Node } from "typescript/unstable/ast"
 * @import { Project, Symbol } from "typescript/unstable/sync"
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
  const config = join(root, "scripts/docs/tsconfig.json");
  const api = new API({ cwd: root });
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error(`TypeScript does not open ${config}`);
    return entryPoints.map((entryPoint) => readModule(project, entryPoint));
  } finally {
    api.close();
  }
}

/**
 * @param {Project} project
 * @param {EntryPoint} entryPoint
 * @returns {Module}
 */
function readModule(project, entryPoint) {
  const file = project.program.getSourceFile(join(root, entryPoint.source));
  const symbol = file && project.checker.getSymbolAtLocation(file);
  if (symbol === undefined) throw new Error(`${entryPoint.source} is no module`);
  const [, comment = ""] = /^(\/\*\*[\s\S]*?\*\/)\n\n/.exec(file?.text ?? "") ?? [];
  return {
    ...entryPoint,
    comment: docComment(comment).text,
    exports: project.checker
      .getExportsOfModule(symbol)
      .map((exported) => readExport(project, exported)),
  };
}

/**
 * @param {Project} project
 * @param {Symbol} exported
 * @returns {Export}
 */
function readExport(project, exported) {
  const symbol = resolved(project, exported);
  const nodes = nodesOf(project, symbol);
  const baseOf = (/** @type {Node} */ node) => {
    const base = project.checker.getSymbolAtLocation(node);
    const [declared] = base ? nodesOf(project, resolved(project, base)) : [];
    return declared && pathOf(declared).startsWith("src/") ? declared : undefined;
  };
  const { comment, sources, ...declaration } = declarationOf(nodes, baseOf);
  return {
    name: exported.name,
    id: idOf(project, symbol) ?? exported.name,
    comment,
    declaration,
    mentions: mentionsIn(project, sources).filter(
      ({ name }) => name !== exported.name && new RegExp(`\\b${name}\\b`).test(declaration.text),
    ),
  };
}

/**
 * @param {Project} project
 * @param {readonly Node[]} nodes
 */
function mentionsIn(project, nodes) {
  /** @type {Map<string, { name: string, id: string }>} */
  const mentions = new Map();
  for (const node of nodes.flatMap(identifiersOf)) {
    const symbol = project.checker.getSymbolAtLocation(node);
    const id = symbol && idOf(project, resolved(project, symbol));
    if (id !== undefined) mentions.set(id, { name: node.getText(), id });
  }
  return [...mentions.values()];
}

/**
 * The identifiers in the types of a declaration, and none of its body.
 *
 * @param {Node} node
 * @returns {Node[]}
 */
function identifiersOf(node) {
  if (isIdentifier(node)) return [node];
  if (node.kind === SyntaxKind.Block) return [];
  /** @type {Node[]} */
  const found = [];
  node.forEachChild((child) => void found.push(...identifiersOf(child)));
  return found;
}

/**
 * @param {Project} project
 * @param {Symbol} symbol
 */
function resolved(project, symbol) {
  return symbol.flags & SymbolFlags.Alias ? project.checker.getAliasedSymbol(symbol) : symbol;
}

/**
 * @param {Project} project
 * @param {Symbol} symbol
 * @returns {Node[]}
 */
function nodesOf(project, symbol) {
  return symbol.declarations.flatMap((handle) => handle.resolve(project) ?? []);
}

/**
 * Names a declaration at the top of a module of src/ or gen/; undefined for any other.
 *
 * @param {Project} project
 * @param {Symbol} symbol
 */
function idOf(project, symbol) {
  const [node] = nodesOf(project, symbol);
  if (node === undefined || !/^(?:src|gen)\//.test(pathOf(node))) return undefined;
  const isTop =
    node.parent?.kind === SyntaxKind.SourceFile || node.kind === SyntaxKind.VariableDeclaration;
  return isTop ? `${pathOf(node)}#${symbol.name}` : undefined;
}

/** @param {Node} node */
function pathOf(node) {
  return relative(root, node.getSourceFile().fileName).replaceAll(sep, "/");
}
