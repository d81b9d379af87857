import { messagesOf } from "../descriptors.js";
import type { Element } from "../location.js";
import type { Files, Rule } from "../rule.js";

export const namesDistinct: Rule = {
  id: "STIGMER_NAMES_DISTINCT",
  purpose: "Checks that no two names beside each other differ by case or underscores only.",
  type: "lint",
  *check(files) {
    for (const { where, elements } of scopesOf(files)) {
      const first = new Map<string, string>();
      for (const at of elements) {
        const key = at.name.replaceAll("_", "").toLowerCase();
        const name = first.get(key);
        if (name === undefined) first.set(key, at.name);
        else {
          yield {
            at,
            message: `"${at.name}" and "${name}" ${where} must differ by more than case and underscores: generators write names in the case of their language, and get one name for both, or another for either, which callers of today do not know; a class in a file of its own replaces the other where a file system does not tell cases apart.`,
          };
        }
      }
    }
  },
};

interface Scope {
  /** Stands behind the names. */
  readonly where: string;
  readonly elements: readonly Element[];
}

/** The elements that share a scope, in the order of their declaration. */
function* scopesOf(files: Files): Iterable<Scope> {
  const packages = new Map<string, Element[]>();
  for (const { proto, messages, enums, services } of files.checked) {
    const all = packages.get(proto.package) ?? [];
    packages.set(proto.package, all);
    all.push(...messages, ...enums, ...services);
  }
  for (const [name, elements] of packages) yield { where: `in package "${name}"`, elements };
  const enums = files.checked.flatMap((file) => file.enums);
  for (const message of messagesOf(files)) {
    const { name, fields, nestedMessages, nestedEnums } = message;
    yield { where: `on message "${name}"`, elements: fields };
    yield { where: `in message "${name}"`, elements: [...nestedMessages, ...nestedEnums] };
    enums.push(...nestedEnums);
  }
  for (const { name, values } of enums) yield { where: `of enum "${name}"`, elements: values };
  for (const { name, methods } of files.checked.flatMap((file) => file.services)) {
    yield { where: `of service "${name}"`, elements: methods };
  }
}
