import type { Bound, Constraint, Plain, Range } from "./constraint.js";
import { bytesIn, charactersIn, intervalsOf, isKept } from "./is-kept.js";
import { isSame, isWithin } from "./is-same.js";

/** The well-known formats that are of another one, too. */
const formats: Readonly<Record<string, readonly string[]>> = {
  address: ["hostname", "ip", "ipv4", "ipv6"],
  ip: ["ipv4", "ipv6"],
  ip_prefix: ["ipv4_prefix", "ipv6_prefix"],
  ip_with_prefixlen: ["ipv4_with_prefixlen", "ipv6_with_prefixlen"],
  uri_ref: ["uri"],
};

/**
 * Whether every value that keeps the known constraints keeps this one. False is also for what cannot be
 * told: the text of two patterns or two expressions of CEL says little of what they match.
 */
export function isImplied(constraint: Constraint, known: readonly Constraint[]): boolean {
  const { name, value } = constraint;
  const others = known.filter((it) => it.name === name);
  if (others.some((other) => isSame(other.value, value))) return true;
  if (valuesLeftBy(known)?.every((left) => isKept(constraint, left))) return true;
  const texts = (...names: string[]) =>
    known.filter((it) => names.includes(it.name)).map((it) => String(it.value));
  switch (name) {
    case "required":
      return value !== undefined && known.some((it) => isKept(it, value as Plain) === false);
    case "defined_only":
    case "in":
    case "paths_in":
    case "at_least_one":
      return others.some((other) => isWithin(other.value, value));
    case "not_in":
      return (value as readonly Plain[]).every((item) =>
        known.some((it) => isKept(it, item) === false),
      );
    case "paths_not_in":
    case "at_most_one":
      return others.some((other) => isWithin(value, other.value));
    case "range":
      return others.some((other) => isNarrower(other.value as Range, value as Range));
    case "finite":
      return known.some((it) => it.name === "range" && isBounded(it.value as Range));
    case "min_len":
      return fewestCharacters(known) >= Number(value);
    case "max_len":
      return mostCharacters(known) <= Number(value);
    case "min_bytes":
      return fewestBytes(known) >= Number(value);
    case "max_bytes":
      return mostBytes(known) <= Number(value);
    case "min_items":
    case "min_pairs":
      return largest(known, name, (it) => (it.name === "required" ? 1 : 0)) >= Number(value);
    case "max_items":
    case "max_pairs":
      return smallest(known, name) <= Number(value);
    case "unique":
      return smallest(known, "max_items") <= 1;
    case "within":
      return smallest(known, name) <= Number(value);
    case "prefix":
      return texts("prefix").some((text) => text.startsWith(String(value)));
    case "suffix":
      return texts("suffix").some((text) => text.endsWith(String(value)));
    case "contains":
      return texts("prefix", "suffix", "contains").some((text) => text.includes(String(value)));
    case "not_contains":
      return texts("not_contains").some((text) => String(value).includes(text));
    case "well_known_regex_loose":
      return known.some((it) => it.name === "well_known_regex" && it.value === value);
    default:
      return known.some((it) => formats[name]?.includes(it.name));
  }
}

/** The only values that can keep the constraints, where they are listed. */
function valuesLeftBy(known: readonly Constraint[]): readonly Plain[] | undefined {
  const constant = known.find(({ name }) => name === "const");
  if (constant) return [constant.value as Plain];
  return known.find(({ name }) => name === "in")?.value as readonly Plain[] | undefined;
}

function isNarrower(one: Range, other: Range): boolean {
  const outside = intervalsOf(other).map(closed);
  return intervalsOf(one)
    .map(closed)
    .every((inner) => outside.some((outer) => isInside(inner, outer)));
}

/** Above 0 is for an integer what 1 and above is. */
function closed({ lower, upper }: Range): Range {
  const close = (bound: Bound | undefined, step: bigint) =>
    bound?.isOpen && typeof bound.value === "bigint"
      ? { value: bound.value + step, isOpen: false }
      : bound;
  return { lower: close(lower, 1n), upper: close(upper, -1n) };
}

function isInside(inner: Range, outer: Range): boolean {
  const { lower, upper } = outer;
  const isAbove =
    lower === undefined ||
    (inner.lower !== undefined &&
      (inner.lower.value > lower.value ||
        (inner.lower.value === lower.value && (inner.lower.isOpen || !lower.isOpen))));
  const isBelow =
    upper === undefined ||
    (inner.upper !== undefined &&
      (inner.upper.value < upper.value ||
        (inner.upper.value === upper.value && (inner.upper.isOpen || !upper.isOpen))));
  return isAbove && isBelow;
}

function isBounded(range: Range): boolean {
  return intervalsOf(range).every(
    ({ lower, upper }) => Number.isFinite(lower?.value) && Number.isFinite(upper?.value),
  );
}

function largest(
  known: readonly Constraint[],
  name: string,
  least: (it: Constraint) => number,
): number {
  return Math.max(0, ...known.map((it) => (it.name === name ? Number(it.value) : least(it))));
}

function smallest(known: readonly Constraint[], name: string): number {
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...known.filter((it) => it.name === name).map(({ value }) => Number(value)),
  );
}

const isPart = ({ name }: Constraint) => ["prefix", "suffix", "contains"].includes(name);

function fewestCharacters(known: readonly Constraint[]): number {
  return largest(known, "min_len", (it) =>
    isPart(it) ? charactersIn(String(it.value)) : isKept(it, "") === false ? 1 : 0,
  );
}

function fewestBytes(known: readonly Constraint[]): number {
  const ofCharacters = fewestCharacters(known);
  return largest(known, "min_bytes", (it) =>
    isPart(it) ? bytesIn(String(it.value)) : ofCharacters,
  );
}

function mostCharacters(known: readonly Constraint[]): number {
  return Math.min(smallest(known, "max_len"), smallest(known, "max_bytes"));
}

function mostBytes(known: readonly Constraint[]): number {
  // A character takes four bytes at most.
  return Math.min(smallest(known, "max_bytes"), 4 * smallest(known, "max_len"));
}
