interface Place {
  readonly value: unknown;
  readonly step: string;
  readonly parent: Place | undefined;
}

/**
 * Where in a JSON value a number is NaN or infinite, which binary carries and JSON has no form for:
 * a path such as `["ratios"][2]`, or undefined when there is none. Any depth will do.
 */
export function nonFinitePath(value: unknown): string | undefined {
  // No recursion: a value that is nested deeply enough would overflow the stack.
  const places: Place[] = [{ value, step: "", parent: undefined }];
  const seen = new Set<object>();
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value } = place;
    if (typeof value === "number" && !Number.isFinite(value)) return pathTo(place);
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    const isList = Array.isArray(value);
    // Taken from the end, so that the first of several numbers is found.
    for (const [key, item] of Object.entries(value).reverse()) {
      places.push({ value: item, step: `[${isList ? key : JSON.stringify(key)}]`, parent: place });
    }
  }
  return undefined;
}

function pathTo(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) steps.push(at.step);
  return steps.reverse().join("");
}
