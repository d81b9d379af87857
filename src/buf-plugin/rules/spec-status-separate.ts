import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { messagesOf } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const specStatusSeparate: Rule = {
  id: "STIGMER_SPEC_STATUS_SEPARATE",
  purpose:
    "Checks that a message named ...Spec contains no message named ...Status, nor the reverse.",
  type: "lint",
  *check(files) {
    for (const message of messagesOf(files)) {
      const other = opposite(message.name);
      if (other === undefined) continue;
      for (const field of message.fields) {
        const path = pathTo(field, other, new Set([message]));
        if (path === undefined) continue;
        const found = path.at(-1)?.message?.name;
        yield {
          at: field,
          message: `Message "${message.name}" must not contain message "${found}" (through ${shortened(path)}): the spec is what the caller asks for, the status is what was observed, and each is written by somebody else. Refer to the other execution by its id.`,
        };
      }
    }
  },
};

function opposite(name: string): "Spec" | "Status" | undefined {
  if (name.endsWith("Spec")) return "Status";
  return name.endsWith("Status") ? "Spec" : undefined;
}

/**
 * The fields that lead to a message with this ending, if there are any. A spec or a status on the
 * way is checked itself.
 */
function pathTo(
  start: DescField,
  ending: string,
  seen: Set<DescMessage>,
): readonly DescField[] | undefined {
  // No recursion, for a chain of messages may be longer than the stack.
  const cameBy = new Map<DescField, DescField | undefined>([[start, undefined]]);
  for (const field of cameBy.keys()) {
    const { message } = field;
    if (message === undefined) continue;
    if (message.name.endsWith(ending)) return pathBackFrom(field, cameBy);
    if (seen.has(message) || opposite(message.name) !== undefined) continue;
    seen.add(message);
    for (const inner of message.fields) cameBy.set(inner, field);
  }
  return undefined;
}

function pathBackFrom(
  last: DescField,
  cameBy: ReadonlyMap<DescField, DescField | undefined>,
): DescField[] {
  const path: DescField[] = [];
  for (let field: DescField | undefined = last; field; field = cameBy.get(field)) path.push(field);
  return path.reverse();
}

function shortened(path: readonly DescField[]): string {
  const names = path.map(({ name }) => name);
  return names.length > 6
    ? [...names.slice(0, 3), "…", ...names.slice(-2)].join(".")
    : names.join(".");
}
