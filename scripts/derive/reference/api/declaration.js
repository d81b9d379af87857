import { docComment } from "./doc-comment.js";
import { isPublic, kindOf } from "./typescript.js";

/**
 * @import { Kind, Node } from "./typescript.js"
 *
 * @typedef {object} Member
 * @property {string} name
 * @property {string} comment In Markdown; empty when there is none.
 *
 * @typedef {object} Declaration
 * @property {Kind} kind
 * @property {string} text As in a declaration file: without bodies, private members and comments.
 * @property {Member[]} members
 */

/**
 * What a user sees of an export.
 *
 * @param {readonly Node[]} nodes Its declarations: several for a function with overloads.
 * @param {(heritage: Node) => Node | undefined} baseOf The class of src/ that one extends, if any.
 * @returns {Declaration & { comment: string, sources: Node[] }} With the nodes that it was read from.
 */
export function declarationOf(nodes, baseOf) {
  const [first] = nodes;
  const kind = first && kindOf(first);
  if (first === undefined || kind === undefined) {
    throw new Error(`${first?.getText()}: expected a function, class, interface, type or constant`);
  }
  const { text, params } = commentOf(kind === "const" ? first.parent.parent : first);
  const ofParams = params.map(({ name, meaning }) => ({ name, comment: meaning }));
  if (kind === "function") {
    // Where there are overloads, nobody sees the signature of the implementation.
    const overloads = nodes.filter(({ body }) => body === undefined);
    const signatures = (overloads.length > 0 ? overloads : nodes).map(withoutBody);
    const shown = signatures.join("\n\n");
    return { kind, comment: text, text: shown, members: ofParams, sources: [...nodes] };
  }
  if (kind === "const") {
    const shown = `const ${withoutBody(first)}`;
    return { kind, comment: text, text: shown, members: [], sources: [first] };
  }
  if (kind === "type") {
    return { kind, comment: text, text: withoutBody(first), members: [], sources: [first] };
  }

  const { header, members, sources } =
    kind === "class" ? classOf(first, baseOf) : interfaceOf(first);
  const lines = members.map((member) => indented(withoutBody(member)));
  return {
    kind,
    comment: text,
    text: `${header} {\n${lines.join("\n")}\n}`,
    members: members.flatMap((member) => {
      const { text, params } = commentOf(member);
      const name = member.name?.getText() ?? "constructor";
      return [
        ...(text === "" ? [] : [{ name, comment: text }]),
        ...params.map((param) => ({ name: param.name, comment: param.meaning })),
      ];
    }),
    sources,
  };
}

/** @param {Node} node */
function interfaceOf(node) {
  return { header: headerOf(node), members: node.members ?? [], sources: [node] };
}

/**
 * A class with the public members that it inherits from another one of src/.
 *
 * @param {Node} node
 * @param {(heritage: Node) => Node | undefined} baseOf
 */
function classOf(node, baseOf) {
  const heritage = node.heritageClauses?.[0]?.types[0]?.expression;
  const base = heritage && baseOf(heritage);
  const own = (node.members ?? []).filter(isPublic);
  if (base === undefined) return { header: headerOf(node), members: own, sources: [node] };
  const names = own.map(({ name }) => name?.getText());
  const inherited = (base.members ?? []).filter(
    (member) => isPublic(member) && !names.includes(member.name?.getText()),
  );
  const clauses = (base.heritageClauses ?? []).map((clause) => clause.getText());
  return {
    header: [`class ${node.name?.getText()}`, ...clauses].join(" "),
    members: [...own, ...inherited],
    sources: [node, base],
  };
}

/** @param {Node} node */
function headerOf(node) {
  const text = node.getSourceFile().text.slice(node.getStart(), node.members?.pos);
  return withoutModifiers(text).replace(/\s*\{$/, "");
}

/** @param {Node} node */
function withoutBody(node) {
  const start = node.getStart();
  const isTyped = node.type !== undefined && node.initializer !== undefined;
  const end = isTyped ? node.type?.getEnd() : node.body ? node.body.getStart() : node.getEnd();
  const text = node.getSourceFile().text.slice(start, end).trim();
  return `${withoutModifiers(dedented(text)).replace(/;$/, "")};`;
}

/** @param {string} text */
function withoutModifiers(text) {
  return text.replace(/^(?:(?:export|declare|async|override|abstract) )+/, "");
}

/** The text of a member, whose lines after the first are indented in its source. @param {string} text */
function dedented(text) {
  const [first = "", ...rest] = text.replaceAll(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, "").split("\n");
  const indent = Math.min(...rest.map((line) => /^ */.exec(line)?.[0].length ?? 0));
  const closing = rest.at(-1);
  // The line that closes it is where its first one began.
  const base =
    closing !== undefined && /^ *[)}\]]/.test(closing) ? indent : Math.max(0, indent - 2);
  return [first, ...rest.map((line) => line.slice(base))].join("\n");
}

/** @param {string} text */
function indented(text) {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

/** @param {Node} node */
function commentOf(node) {
  return docComment(node.jsDoc?.at(-1)?.getText() ?? "");
}
