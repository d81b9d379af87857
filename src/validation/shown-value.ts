import type { DescField, Message } from "@bufbuild/protobuf";
import type { Path } from "@bufbuild/protobuf/reflect";
import { shown } from "../shown.js";

/**
 * The value at a path as an error may quote it; undefined for a message, for what is missing, and for a
 * field with `debug_redact`.
 */
export function shownValue(message: Message, path: Path): string | undefined {
  let value: unknown = message;
  let field: DescField | undefined;
  for (const step of path) {
    if (step.kind === "field") field = step;
    const key = keyOf(step);
    value = (value as Record<string | number, unknown> | undefined)?.[key];
  }
  if (field === undefined || field.proto.options?.debugRedact === true) return undefined;
  if (typeof value === "string") return shown(value);
  if (typeof value !== "number") return undefined;
  return field.enum?.value[value]?.name ?? `${value}`;
}

function keyOf(step: Path[number]): string | number {
  switch (step.kind) {
    case "field":
      return step.localName;
    case "list_sub":
      return step.index;
    case "map_sub":
      return step.key as string | number;
    default:
      throw new TypeError(`expected a field, a list or a map, got ${step.kind}`);
  }
}
