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
          message: `Message "${message.name}" must not contain message "${found}" (through ${path.map(({ name }) => name).join(".")}): the spec is what the caller asks for, the status is what was observed, and each is written by somebody else. Refer to the other execution by its id.`,
        };
      }
    }
  },
};

function opposite(name: string): "Spec" | "Status" | undefined {
  if (name.endsWith("Spec")) return "Status";
  return name.endsWith("Status") ? "Spec" : undefined;
}

/** The fields that lead to a message with this ending. A spec or status on the way is checked itself. */
function pathTo(
  field: DescField,
  ending: string,
  seen: Set<DescMessage>,
): readonly DescField[] | undefined {
  const { message } = field;
  if (message === undefined || seen.has(message)) return undefined;
  if (message.name.endsWith(ending)) return [field];
  if (opposite(message.name) !== undefined) return undefined;
  seen.add(message);
  for (const inner of message.fields) {
    const path = pathTo(inner, ending, seen);
    if (path !== undefined) return [field, ...path];
  }
  return undefined;
}
