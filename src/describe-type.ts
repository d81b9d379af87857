/**
 * Names what a value is, for an error that must not show the value itself: `null`, `string`,
 * `google.protobuf.Struct`, `Map`.
 */
export function describeType(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  if ("$typeName" in value && typeof value.$typeName === "string") return value.$typeName;
  const name: unknown = value.constructor?.name;
  return typeof name !== "string" || name === "" || name === "Object" ? "a plain object" : name;
}
