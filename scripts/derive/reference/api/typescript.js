// The one module that uses TypeScript's own API, which is unstable: what stands here holds for the
// version that package.json pins.

import { relative, sep } from "node:path";
import { isIdentifier, SyntaxKind } from "typescript/unstable/ast";
import { API, SymbolFlags } from "typescript/unstable/sync";
import { root } from "../../../buf.js";

/**
 * @import { ChildProcess } from "node:child_process"
 * @import { Node as TypeScriptNode } from "typescript/unstable/ast"
 * @import { Project, Symbol as TypeScriptSymbol } from "typescript/unstable/sync"
 *
 * @typedef {"function" | "class" | "interface" | "type" | "const"} Kind
 *
 * @typedef {TypeScriptSymbol} Name What is declared, under any of the names by which it is imported.
 *
 * @typedef {object} Program
 * @property {(file: string) => { text: string, exports: readonly Name[] }} moduleAt
 * @property {(name: Name) => readonly Node[]} declarationsOf
 * @property {(node: Node) => Name | undefined} nameAt
 */

/**
 * A node, with those of its parts that are read here.
 *
 * @typedef {TypeScriptNode & {
 *   readonly name?: TypeScriptNode,
 *   readonly modifiers?: readonly TypeScriptNode[],
 *   readonly body?: TypeScriptNode,
 *   readonly type?: Node,
 *   readonly initializer?: TypeScriptNode,
 *   readonly parameters?: readonly Node[],
 *   readonly questionToken?: TypeScriptNode,
 *   readonly postfixToken?: TypeScriptNode,
 *   readonly typeName?: TypeScriptNode,
 *   readonly types?: readonly Node[],
 *   readonly typeArguments?: readonly Node[],
 *   readonly members?: readonly Node[] & { readonly pos: number },
 *   readonly heritageClauses?: readonly (TypeScriptNode & { readonly types: readonly (TypeScriptNode & { readonly expression: TypeScriptNode })[] })[],
 * }} Node
 */

/**
 * Opens the program of a tsconfig.json, in which nodes can be asked for as long as `use` runs.
 *
 * @template T
 * @param {string} config
 * @param {(program: Program) => T} use
 * @returns {T}
 */
export function withProgram(config, use) {
  const api = new API({ cwd: root });
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error(`TypeScript does not open ${config}`);
    return use(programOf(project));
  } finally {
    end(api);
  }
}

/**
 * Ends TypeScript's server at once: asked to end, as `close` does, it may print "context canceled" among
 * our errors.
 *
 * @param {API} api
 */
function end(api) {
  const { client } = /** @type {{ client: { channel: { child: ChildProcess } } }} */ (
    /** @type {unknown} */ (api)
  );
  const { child } = client.channel;
  const kill = child.kill.bind(child);
  child.kill = () => kill("SIGKILL");
  api.close();
}

/**
 * @param {Project} project
 * @returns {Program}
 */
function programOf(project) {
  const { program, checker } = project;
  const nameAt = (/** @type {TypeScriptNode} */ node) => {
    const symbol = checker.getSymbolAtLocation(node);
    return symbol && declared(symbol);
  };
  const declared = (/** @type {TypeScriptSymbol} */ symbol) =>
    symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return {
    nameAt,
    moduleAt(path) {
      const file = program.getSourceFile(path);
      const symbol = file && checker.getSymbolAtLocation(file);
      if (symbol === undefined) throw new Error(`${path} is no module`);
      return { text: file?.text ?? "", exports: checker.getExportsOfModule(symbol) };
    },
    declarationsOf: (symbol) =>
      declared(symbol).declarations.flatMap((handle) => handle.resolve(project) ?? []),
  };
}

/** @type {Partial<Record<SyntaxKind, Kind>>} */
const kinds = {
  [SyntaxKind.FunctionDeclaration]: "function",
  [SyntaxKind.ClassDeclaration]: "class",
  [SyntaxKind.InterfaceDeclaration]: "interface",
  [SyntaxKind.TypeAliasDeclaration]: "type",
  [SyntaxKind.VariableDeclaration]: "const",
};

/** What a node declares; undefined when it is nothing that a module exports. @param {Node} node */
export function kindOf({ kind }) {
  return kinds[kind];
}

/** Whether a declaration stands at the top of its module. @param {Node} node */
export function isTop({ kind, parent }) {
  return parent?.kind === SyntaxKind.SourceFile || kind === SyntaxKind.VariableDeclaration;
}

/** Whether a type is one of several. @param {Node} node */
export function isUnion({ kind }) {
  return kind === SyntaxKind.UnionType;
}

/** Whether a member of an interface has a name. @param {Node} member */
export function isField({ kind }) {
  return kind === SyntaxKind.PropertySignature || kind === SyntaxKind.MethodSignature;
}

/** Whether a parameter or a field has a question mark. @param {Node} node */
export function isOptional({ questionToken, postfixToken }) {
  return (questionToken ?? postfixToken) !== undefined;
}

/** Whether users see a member of a class. @param {Node} member */
export function isPublic({ modifiers = [] }) {
  const hidden = [SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword];
  return !modifiers.some(({ kind }) => hidden.includes(kind));
}

/**
 * The identifiers in the types of a declaration, and none of its body.
 *
 * @param {Node} node
 * @returns {Node[]}
 */
export function identifiersOf(node) {
  if (isIdentifier(node)) return [node];
  if (node.kind === SyntaxKind.Block) return [];
  /** @type {Node[]} */
  const found = [];
  node.forEachChild((child) => void found.push(...identifiersOf(child)));
  return found;
}

/** The module of a node, by its path in the checkout. @param {Node} node */
export function pathOf(node) {
  return relative(root, node.getSourceFile().fileName).replaceAll(sep, "/");
}

/** The line of a node in its module. @param {Node} node */
export function lineOf(node) {
  return node.getSourceFile().text.slice(0, node.getStart()).split("\n").length;
}
