interface Place {
  readonly value: unknown;
  readonly step: string;
  readonly parent: Place | undefined;
}

/**
 * Where a JSON value has the first leaf (neither an object nor a list) that is looked for: a path such
 * as `["ratios"][2]`, or undefined when there is none. Works at any depth.
 */
export function pathOf(value: unknown, isWanted: (leaf: unknown) => boolean): string | undefined {
  // No recursion: a value that is nested deeply enough would overflow the stack.
  const places: Place[] = [{ value, step: "", parent: undefined }];
  const seen = new Set<object>();
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value } = place;
    if (typeof value !== "object" || value === null) {
      if (isWanted(value)) return pathTo(place);
      continue;
    }
    if (seen.has(value)) continue;
    seen.add(value);
    // Object.entries leaves out the holes of a list.
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    // Taken from the end, so that the first of several is found.
    for (const [key, item] of entries.reverse()) {
      places.push({ value: item, step: `[${JSON.stringify(key)}]`, parent: place });
    }
  }
  return undefined;
}

function pathTo(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) steps.push(at.step);
  return steps.reverse().join("");
}
