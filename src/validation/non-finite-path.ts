import { pathOf } from "../path-of.js";

/**
 * Where a JSON value has a number that is NaN or infinite, which binary carries but JSON cannot;
 * undefined when there is none.
 */
export function nonFinitePath(value: unknown): string | undefined {
  return pathOf(value, (leaf) => typeof leaf === "number" && !Number.isFinite(leaf));
}
