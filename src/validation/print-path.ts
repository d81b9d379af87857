import type { Path } from "@bufbuild/protobuf/reflect";

/**
 * A path by its proto names, such as `spec.runtime_env["API_KEY"].value`. Keys are written as in JSON, so
 * that the path stands on one line and no control character of a key is in it.
 */
export function printPath(path: Path): string {
  const steps = path.map((step) => {
    switch (step.kind) {
      case "list_sub":
        return `[${step.index}]`;
      case "map_sub":
        return `[${typeof step.key === "string" ? JSON.stringify(step.key) : step.key}]`;
      case "field":
        return `.${step.name}`;
      default:
        throw new TypeError(`expected a field, a list or a map, got ${step.kind}`);
    }
  });
  return steps.join("").replace(/^\./, "");
}
