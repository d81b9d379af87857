import type { Constraint, Rules } from "./constraint.js";
import { isImplied } from "./is-implied.js";
import { isKept } from "./is-kept.js";

/** The constraints of the one that a value may break although it keeps all of the other. */
export function notAskedBy(other: Rules, one: Rules): Constraint[] {
  const own = one.constraints.filter((constraint) => {
    if (!isImplied(constraint, other.constraints)) return true;
    const isZeroNew = other.skipsZero && !one.skipsZero && !isAlwaysSet(other);
    return isZeroNew && isKept(constraint, one.zero) !== true;
  });
  const ofParts = [...(one.parts ?? [])].flatMap(([name, part]) =>
    notAskedBy(other.parts?.get(name) ?? { constraints: [], unknown: new Map() }, part),
  );
  return [...own, ...ofParts];
}

function isAlwaysSet({ constraints }: Rules): boolean {
  return constraints.some(({ name, value }) => name === "required" && value !== undefined);
}
