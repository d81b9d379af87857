import type { Constraint, Rules } from "./constraint.js";
import { isKept } from "./is-kept.js";
import { isSame } from "./is-same.js";
import { notAskedBy } from "./not-asked-by.js";

/** What the rules refuse that they did not refuse before, or may refuse: one text a rule. */
export function stricterThan(before: Rules, now: Rules): string[] {
  const texts = notAskedBy(before, now).map((it) =>
    describe(it, now, before, "is asked of the zero value, too"),
  );
  return [...new Set([...texts, ...unknownChanges(now, before)])];
}

/** What the rules do not refuse any more. */
export function looserThan(before: Rules, now: Rules): string[] {
  const texts = notAskedBy(now, before).map((it) =>
    describe(it, now, before, "is not asked of the zero value any more"),
  );
  return [...new Set(texts)];
}

/** What the rules of a new element refuse, or may refuse, of who does not know it. */
export function refusedUnset({ constraints, unknown, unset, skipsZero }: Rules): string[] {
  const isLookedAt = unset !== undefined && !skipsZero;
  const refused = constraints.filter(
    (it) => it.name === "required" || (isLookedAt && isKept(it, unset) !== true),
  );
  const paths = [...refused.map(({ path }) => path), ...(isLookedAt ? unknown.keys() : [])];
  return [...new Set(paths)];
}

function describe({ path, name }: Constraint, now: Rules, before: Rules, ofZero: string): string {
  const [is, was] = [now, before].map((rules) =>
    allOf(rules).find((it) => it.path === path && it.name === name),
  );
  if (is === undefined) return `${path} is gone`;
  if (was === undefined) return `${path}${is.shown === undefined ? "" : ` ${is.shown}`} is new`;
  if (is.shown !== was.shown) return `${path} is ${is.shown} and was ${was.shown}`;
  if (isSame(is.value, was.value)) return `${path} ${ofZero}`;
  return `${path} has changed${name === "defined_only" ? " with its enum" : ""}`;
}

function allOf({ constraints, parts }: Rules): Constraint[] {
  return [...constraints, ...[...(parts?.values() ?? [])].flatMap(allOf)];
}

function unknownChanges(now: Rules, before: Rules): string[] {
  const names = new Set([...now.unknown.keys(), ...before.unknown.keys()]);
  const own = [...names]
    .filter(
      (name) =>
        now.unknown.get(name) !== before.unknown.get(name) || (before.skipsZero && !now.skipsZero),
    )
    .map((name) => `${name} has changed`);
  const none: Rules = { constraints: [], unknown: new Map() };
  const parts = new Set([...(now.parts?.keys() ?? []), ...(before.parts?.keys() ?? [])]);
  const ofParts = [...parts].flatMap((name) =>
    unknownChanges(now.parts?.get(name) ?? none, before.parts?.get(name) ?? none),
  );
  return [...own, ...ofParts];
}
