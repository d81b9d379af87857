import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { fieldNamed, isResource, knownMessagesOf } from "../descriptors.js";
import type { Files, Rule } from "../rule.js";

export const specStatusSeparate: Rule = {
  id: "STIGMER_SPEC_STATUS_SEPARATE",
  purpose: "Checks that the spec of a resource contains no status of a resource, nor the reverse.",
  type: "lint",
  *check(files) {
    const halves = halvesOf(files);
    for (const [message, half] of halves) {
      if (!files.checked.includes(message.file)) continue;
      for (const field of message.fields) {
        const path = pathToOther(field, half, halves, new Set([message]));
        if (path === undefined) continue;
        const found = path.at(-1)?.message?.name;
        yield {
          at: field,
          message: `Message "${message.name}" must not contain message "${found}" (through ${shortened(path)}): the spec is what the caller asks for, the status is what was observed, and each is written by somebody else. Refer to the other resource by its id.`,
        };
      }
    }
  },
};

type Half = "spec" | "status";

/** The messages that are the spec or the status of a resource; one that is both says nothing. */
function halvesOf(files: Files): ReadonlyMap<DescMessage, Half> {
  const halves = new Map<DescMessage, Half>();
  const both = new Set<DescMessage>();
  for (const resource of knownMessagesOf(files)) {
    if (!isResource(resource)) continue;
    for (const half of ["spec", "status"] as const) {
      const message = fieldNamed(resource, half)?.message;
      if (message === undefined) continue;
      if ((halves.get(message) ?? half) !== half) both.add(message);
      halves.set(message, half);
    }
  }
  for (const message of both) halves.delete(message);
  return halves;
}

/**
 * The fields that lead to the other half of a resource, if there are any. A spec or a status on the
 * way is checked itself.
 */
function pathToOther(
  start: DescField,
  half: Half,
  halves: ReadonlyMap<DescMessage, Half>,
  seen: Set<DescMessage>,
): readonly DescField[] | undefined {
  // No recursion, because a chain of messages may be longer than the stack.
  const cameBy = new Map<DescField, DescField | undefined>([[start, undefined]]);
  for (const field of cameBy.keys()) {
    const { message } = field;
    if (message === undefined) continue;
    const its = halves.get(message);
    if (its !== undefined && its !== half) return pathBackFrom(field, cameBy);
    if (its !== undefined || seen.has(message)) continue;
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
