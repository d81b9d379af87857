import type { DescOneof } from "@bufbuild/protobuf";
import type { Files } from "../rule.js";
import { canonicalText } from "./canonical-text.js";
import type { Constraint, Rules } from "./constraint.js";
import { unknownFieldsOf } from "./unknown-fields-of.js";

/** What protovalidate asks of a oneof. */
export function readOneofRules(oneof: DescOneof, files: Files): Rules {
  const rules = files.option(oneof, "buf.validate.oneof");
  if (rules === undefined) return { constraints: [], unknown: new Map() };
  const constraints: Constraint[] = [];
  const unknown = unknownFieldsOf(rules);
  for (const field of rules.fields) {
    if (!rules.isSet(field)) continue;
    if (field.name !== "required") unknown.set(field.name, canonicalText(rules.get(field)));
    else if (rules.get(field) === true)
      constraints.push({ path: "required", name: "required", value: undefined });
  }
  return { constraints, unknown };
}
