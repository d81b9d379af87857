import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { Constraint } from "./constraint.js";
import { valueNamed } from "./value-named.js";

/** The expressions in CEL of some rules. Each is called by its id, or by its text when it has none. */
export function expressionsIn(rules: ReflectMessage, path: string): Constraint[] {
  const texts = (valueNamed(rules, "cel_expression") ?? []) as Iterable<string>;
  const named = (valueNamed(rules, "cel") ?? []) as Iterable<ReflectMessage>;
  const all = [
    ...[...texts].map((text) => ["", text] as const),
    ...[...named].map((it) => [valueNamed(it, "id"), valueNamed(it, "expression")] as const),
  ];
  return all.map(([id, expression]) => ({
    path: `${path}cel ${id || shortened(String(expression))}`,
    name: "cel",
    value: String(expression),
  }));
}

/** On one line, and no longer than a message bears. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
