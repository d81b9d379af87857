/**
 * How deeply the objects and lists of a Struct may be nested, itself included. Decoders of Protobuf
 * refuse messages that are nested more than 100 deep, and some count three messages for each level; in
 * the contract, a Struct has up to six messages around it.
 */
export const maxStructDepth = 30;

/** Where a Struct is nested deeper than that; undefined when it is not. */
export function tooDeepPath(struct: unknown): string | undefined {
  const deepest = new Map<object, number>();
  return search(struct, 1);

  function search(value: unknown, depth: number): string | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    if (depth > maxStructDepth) return "";
    // Objects in memory may have parts in common, which must not be searched for each of them.
    if ((deepest.get(value) ?? 0) >= depth) return undefined;
    deepest.set(value, depth);
    const isList = Array.isArray(value);
    for (const [key, item] of Object.entries(value)) {
      const path = search(item, depth + 1);
      if (path !== undefined) return `[${isList ? key : JSON.stringify(key)}]${path}`;
    }
    return undefined;
  }
}
