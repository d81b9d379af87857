import type { Constraint, Rules } from "./constraint.js";
import { isImplied } from "./is-implied.js";
import { isKept } from "./is-kept.js";

/** The constraints of the one that a value may break although it keeps all of the other. */
export function notAskedBy(other: Rules, one: Rules): Constraint[] {
  const isNotZero: Constraint = { path: "", name: "required", value: one.zero };
  const own = one.constraints.filter((constraint) => {
    const isOfZero = !one.skipsZero || constraint.name === "required";
    const known = isOfZero ? other.constraints : [...other.constraints, isNotZero];
    return !isImplied(constraint, known) || refusesZero(constraint, other, one);
  });
  const ofParts = [...(one.parts ?? [])].flatMap(([name, part]) =>
    notAskedBy(other.parts?.get(name) ?? { constraints: [], unknown: new Map() }, part),
  );
  return [...own, ...ofParts];
}

/** Whether a constraint may refuse the zero value, which the other rules do not look at. */
function refusesZero(constraint: Constraint, other: Rules, one: Rules): boolean {
  const isRequired = constraint.name === "required";
  if (!other.skipsZero || (one.skipsZero && !isRequired)) return false;
  // With presence, what is required may be zero.
  if (isRequired && constraint.value === undefined) return false;
  const isRefused = other.constraints.some(
    ({ name, value }) => name === "required" && value !== undefined,
  );
  return !isRefused && isKept(constraint, one.zero) !== true;
}
