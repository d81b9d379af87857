import type { Constraint } from "./constraint.js";

/** The constraint of gt, gte, lt and lte, which are read together. */
export function rangeOf(
  bounds: ReadonlyMap<string, bigint | number>,
  path: string,
  type: string,
): Constraint {
  const bound = (open: string, closed: string) => {
    const value = bounds.get(open) ?? bounds.get(closed);
    return value === undefined ? undefined : { value, isOpen: bounds.has(open) };
  };
  const isTime = type === "duration" || type === "timestamp";
  const shown = ["gt", "gte", "lt", "lte"]
    .filter((name) => bounds.has(name))
    .map((name) => {
      const value = bounds.get(name);
      return `${name} ${isTime ? `${Number(value) / 1e9}s` : value}`;
    });
  return {
    path,
    name: "range",
    value: { lower: bound("gt", "gte"), upper: bound("lt", "lte") },
    shown: shown.join(", "),
  };
}
