/** What protovalidate asks of a value, as one of the options of its field says it. */
export interface Constraint {
  /** Where it stands in the options, such as `string.min_len` or `repeated.items.string.in`. */
  readonly path: string;
  /** The last part of the path; `range` for lt, lte, gt and gte, which are read together. */
  readonly name: string;
  readonly value: Plain | readonly Plain[] | Range | undefined;
  /** The value for a message, where it is short and says more than its name. */
  readonly shown?: string;
}

/**
 * A value without its type: an integer as a bigint, bytes as a text of as many characters, a duration and a
 * timestamp in nanoseconds, a list or a map as the number of its items.
 */
export type Plain = bigint | boolean | number | string;

export interface Range {
  readonly lower?: Bound | undefined;
  readonly upper?: Bound | undefined;
}

export interface Bound {
  readonly value: bigint | number;
  readonly isOpen: boolean;
}

/**
 * What the options of a field ask of its value, of the items of a list, or of the keys or values of a map; and
 * those of a message or a oneof of that.
 */
export interface Rules {
  readonly constraints: readonly Constraint[];
  /** Rules that are not known here, by their paths. What a change of one means is not known, either. */
  readonly unknown: ReadonlyMap<string, string>;
  /** What a field without presence has when nobody sets it; undefined for one with presence. */
  readonly unset?: Plain | undefined;
  /** The zero value of its type; undefined for a message. */
  readonly zero?: Plain | undefined;
  /** Whether the zero value is not looked at, but for `required`. */
  readonly skipsZero?: boolean;
  readonly parts?: ReadonlyMap<"items" | "keys" | "values", Rules>;
}
