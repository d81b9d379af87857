import type { Constraint, Plain, Range } from "./constraint.js";

/** The well-known formats that an empty text is not of. */
const notEmpty = [
  "address",
  "email",
  "host_and_port",
  "hostname",
  "ip",
  "ip_prefix",
  "ip_with_prefixlen",
  "ipv4",
  "ipv4_prefix",
  "ipv4_with_prefixlen",
  "ipv6",
  "ipv6_prefix",
  "ipv6_with_prefixlen",
  "protobuf_dot_fqn",
  "protobuf_fqn",
  "tuuid",
  "ulid",
  "uri",
  "uuid",
];
// The number of buf.validate.KnownRegex.
const headerName = 1n;

/** Whether a value keeps a constraint; undefined where that takes more than is known here. */
export function isKept({ name, value }: Constraint, given: Plain | undefined): boolean | undefined {
  if (given === undefined) return undefined;
  switch (name) {
    case "const":
      return given === value;
    case "in":
    case "defined_only":
      return (value as readonly Plain[]).includes(given);
    case "not_in":
      return !(value as readonly Plain[]).includes(given);
    case "required":
      return value === undefined ? undefined : given !== value;
    case "range":
      return intervalsOf(value as Range).some((interval) =>
        includes(interval, given as bigint | number),
      );
    case "finite":
      return Number.isFinite(given);
    case "unique":
      // Of a list, its length is all that is known.
      return Number(given) <= 1 ? true : undefined;
    case "min_items":
    case "min_pairs":
      return Number(given) >= Number(value);
    case "max_items":
    case "max_pairs":
      return Number(given) <= Number(value);
    default:
      return typeof given === "string" ? isKeptByText(name, value, given) : undefined;
  }
}

function isKeptByText(name: string, value: unknown, given: string): boolean | undefined {
  switch (name) {
    case "min_len":
      return charactersIn(given) >= Number(value);
    case "max_len":
      return charactersIn(given) <= Number(value);
    case "min_bytes":
      return bytesIn(given) >= Number(value);
    case "max_bytes":
      return bytesIn(given) <= Number(value);
    case "prefix":
      return given.startsWith(String(value));
    case "suffix":
      return given.endsWith(String(value));
    case "contains":
      return given.includes(String(value));
    case "not_contains":
      return !given.includes(String(value));
    case "well_known_regex":
    case "well_known_regex_loose":
      return given === "" && value === headerName ? false : undefined;
    default:
      return given === "" && notEmpty.includes(name) ? false : undefined;
  }
}

export function charactersIn(text: string): number {
  return [...text].length;
}

export function bytesIn(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The values that a range allows. One whose upper bound is below the lower one allows what is outside. */
export function intervalsOf({ lower, upper }: Range): Range[] {
  if (lower === undefined || upper === undefined || upper.value >= lower.value) {
    return [{ ...(lower && { lower }), ...(upper && { upper }) }];
  }
  return [{ upper }, { lower }];
}

function includes({ lower, upper }: Range, value: bigint | number): boolean {
  const isAbove =
    lower === undefined || (lower.isOpen ? value > lower.value : value >= lower.value);
  const isBelow =
    upper === undefined || (upper.isOpen ? value < upper.value : value <= upper.value);
  return isAbove && isBelow;
}
