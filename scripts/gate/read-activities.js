import { join } from "node:path";
import { root } from "../buf.js";
import {
  isField,
  isOptional,
  isUnion,
  kindOf,
  lineOf,
  pathOf,
  withProgram,
} from "../derive/reference/api/typescript.js";

/**
 * @import { Name, Node, Program } from "../derive/reference/api/typescript.js"
 *
 * @typedef {string | { oneOf: Type[] } | { fields: Record<string, Field> }} Type A name stands for itself:
 * that of a message, whose fields are the contract's, or of what TypeScript has.
 *
 * @typedef {object} Field
 * @property {Type} type
 * @property {true} [optional]
 *
 * @typedef {object} Activity
 * @property {(Field & { name: string })[]} arguments
 * @property {Type} result
 *
 * @typedef {Record<string, Activity>} Activities
 */

export const activitiesSource = "src/temporal/index.ts";
const interfaces = ["ExecutionActivities", "SystemActivities"];

/**
 * The activities of this package as their interfaces state them, by their names, and where each is
 * stated. Its workflows call them by these names, for that is how `proxyActivities` is typed there.
 *
 * @returns {{ activities: Activities, places: Map<string, { path: string, line: number }> }}
 */
export function readActivities() {
  return withProgram(join(root, "scripts/derive/reference/tsconfig.json"), (program) => {
    const { exports } = program.moduleAt(join(root, activitiesSource));
    const methods = interfaces.flatMap((name) => {
      const [node] = exports
        .filter((exported) => exported.name === name)
        .flatMap(program.declarationsOf);
      if (node === undefined) throw new Error(`${activitiesSource} exports no ${name}`);
      return membersOf(node);
    });
    const named = methods.map((node) => /** @type {const} */ ([nameOf(node), node]));
    return {
      activities: Object.fromEntries(
        named.map(([name, node]) => [name, readActivity(program, node)]),
      ),
      places: new Map(
        named.map(([name, node]) => [name, { path: pathOf(node), line: lineOf(node) }]),
      ),
    };
  });
}

/**
 * @param {Program} program
 * @param {Node} node
 * @returns {Activity}
 */
function readActivity(program, node) {
  const [result] = node.type?.typeArguments ?? [];
  if (node.parameters === undefined || result === undefined) {
    throw new Error(`${pathOf(node)}: expected a method that returns a promise: ${node.getText()}`);
  }
  return {
    arguments: node.parameters.map((it) => ({ name: nameOf(it), ...readField(program, it) })),
    result: readType(program, result),
  };
}

/**
 * @param {Program} program
 * @param {Node} node
 * @returns {Field}
 */
function readField(program, node) {
  if (node.type === undefined) throw new Error(`${pathOf(node)}: no type: ${node.getText()}`);
  const type = readType(program, node.type);
  return { type, ...(isOptional(node) && { optional: true }) };
}

/**
 * @param {Program} program
 * @param {Node} node
 * @returns {Type}
 */
function readType(program, node) {
  if (isUnion(node)) {
    const types = (node.types ?? []).map((part) => readType(program, part));
    return oneOf(
      types.flatMap((type) => (typeof type === "object" && "oneOf" in type ? type.oneOf : [type])),
    );
  }
  if (node.members !== undefined) return fieldsOf(program, node);
  const name = node.typeName && program.nameAt(node.typeName);
  const [declared] = name ? program.declarationsOf(name) : [];
  if (declared === undefined || !pathOf(declared).startsWith("src/")) return node.getText();
  if (kindOf(declared) === "interface") return fieldsOf(program, declared);
  if (kindOf(declared) === "type" && declared.type) return readType(program, declared.type);
  throw new Error(`${pathOf(node)}: expected an interface or a type: ${node.getText()}`);
}

/**
 * In one order, and without `undefined`: what is absent is so in either way.
 *
 * @param {readonly Type[]} types
 * @returns {Type}
 */
function oneOf(types) {
  const present = types.filter((type) => type !== "undefined");
  const sorted = present.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const [first] = sorted;
  return first !== undefined && sorted.length === 1 ? first : { oneOf: sorted };
}

/**
 * @param {Program} program
 * @param {Node} node
 */
function fieldsOf(program, node) {
  return {
    fields: Object.fromEntries(
      membersOf(node).map((member) => [nameOf(member), readField(program, member)]),
    ),
  };
}

/** @param {Node} node */
function membersOf(node) {
  if (node.heritageClauses?.length) {
    throw new Error(
      `${pathOf(node)}: what activities take and give must not extend anything: ${nameOf(node)}`,
    );
  }
  const members = node.members ?? [];
  const other = members.find((member) => !isField(member));
  if (other !== undefined) throw new Error(`${pathOf(node)}: expected a field: ${other.getText()}`);
  return members;
}

/** @param {Node} node */
function nameOf(node) {
  return node.name?.getText().replaceAll('"', "") ?? "";
}
