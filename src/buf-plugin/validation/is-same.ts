import type { Constraint } from "./constraint.js";

export function isSame(one: Constraint["value"], other: Constraint["value"]): boolean {
  // NaN is no other value than NaN here.
  if (typeof one !== "object" || typeof other !== "object")
    return one === other || Object.is(one, other);
  return isWithin(one, other) && isWithin(other, one);
}

/** Whether all items of a list are in another one. */
export function isWithin(one: Constraint["value"], other: Constraint["value"]): boolean {
  return Array.isArray(one) && Array.isArray(other) && one.every((item) => other.includes(item));
}
