import { pathOf } from "./path-of.js";

/**
 * Where in a JSON value a number is NaN or infinite, which binary carries and JSON has no form for;
 * undefined when there is none.
 */
export function nonFinitePath(value: unknown): string | undefined {
  return pathOf(value, (leaf) => typeof leaf === "number" && !Number.isFinite(leaf));
}
