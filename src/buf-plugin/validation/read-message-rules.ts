import type { DescMessage } from "@bufbuild/protobuf";
import type { Files } from "../rule.js";
import { canonicalText } from "./canonical-text.js";
import type { Rules } from "./constraint.js";
import { expressionsIn } from "./expressions-in.js";
import { readOneofs } from "./read-oneofs.js";
import { unknownFieldsOf } from "./unknown-fields-of.js";

/**
 * What protovalidate asks of a message as a whole. That at most one of some fields is set is asked of those
 * only that `other`, the message to compare with, has too: who knows that one sets no other.
 */
export function readMessageRules(message: DescMessage, files: Files, other: DescMessage): Rules {
  const rules = files.option(message, "buf.validate.message");
  if (rules === undefined) return { constraints: [], unknown: new Map() };
  const constraints = expressionsIn(rules, "");
  for (const { fields, isRequired } of readOneofs(message, files)) {
    const path = `oneof of ${fields.join(", ")}`;
    const shared = fields.filter((name) => other.fields.some((field) => field.name === name));
    if (shared.length > 1) constraints.push({ path, name: "at_most_one", value: shared });
    if (isRequired) constraints.push({ path, name: "at_least_one", value: fields });
  }
  const unknown = unknownFieldsOf(rules);
  for (const field of rules.fields) {
    if (!rules.isSet(field) || ["cel", "cel_expression", "oneof"].includes(field.name)) continue;
    unknown.set(field.name, canonicalText(rules.get(field)));
  }
  return { constraints, unknown };
}
