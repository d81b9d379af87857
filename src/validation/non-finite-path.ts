/**
 * Where in a JSON value a number is NaN or infinite, which binary carries and JSON has no form for:
 * a path such as `["ratios"][2]`, or undefined when there is none.
 */
export function nonFinitePath(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "";
  if (typeof value !== "object" || value === null) return undefined;
  const isList = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    const path = nonFinitePath(item);
    if (path !== undefined) return `[${isList ? key : JSON.stringify(key)}]${path}`;
  }
  return undefined;
}
