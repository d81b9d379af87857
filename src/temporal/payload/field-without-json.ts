import { type DescMessage, isFieldSet, type Message, toJson } from "@bufbuild/protobuf";
import { pathOf } from "../../path-of.js";
import { fieldValue } from "../../redaction/field-value.js";

/**
 * The first field of a message that has no JSON form, by its path, such as `output["ratio"]`; undefined
 * when there is none. For a message that `toJson` has refused: it does not say where.
 */
export function fieldWithoutJson(desc: DescMessage, message: Message): string | undefined {
  for (const field of desc.fields) {
    if (field.message === undefined || !isFieldSet(message, field)) continue;
    const value = fieldValue(message, field);
    const isMany = field.fieldKind === "list" || field.fieldKind === "map";
    // Of a list, the keys are its indexes.
    const items = isMany
      ? Object.entries(value as Record<string, unknown>)
      : [["", value] as const];
    for (const [key, item] of items) {
      const path = pathIn(field.message, item);
      if (path === undefined) continue;
      const at = isMany ? `[${field.fieldKind === "list" ? key : JSON.stringify(key)}]` : "";
      return `${field.name}${at}${path}`;
    }
  }
  return undefined;
}

function pathIn(desc: DescMessage, value: unknown): string | undefined {
  if (desc.typeName === "google.protobuf.Struct") return pathOf(value, isWithoutJson);
  if (desc.typeName.startsWith("google.protobuf.")) {
    return hasJson(desc, value as Message) ? undefined : "";
  }
  const path = fieldWithoutJson(desc, value as Message);
  return path === undefined ? undefined : `.${path}`;
}

// Of a Struct, which is held as a JavaScript value: with NaN from Python, undefined from JavaScript.
function isWithoutJson(leaf: unknown): boolean {
  if (leaf === null || typeof leaf === "string" || typeof leaf === "boolean") return false;
  return !Number.isFinite(leaf);
}

function hasJson(desc: DescMessage, message: Message): boolean {
  try {
    toJson(desc, message);
    return true;
  } catch {
    return false;
  }
}
