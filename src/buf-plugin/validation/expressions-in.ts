import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { valueNamed } from "./value-named.js";

/** An expression in CEL, and what its rule is called: by its id, or by its text when it has none. */
export interface Expression {
  readonly id: string;
  readonly expression: string;
}

/** The expressions of the rules of a field or a message. */
export function expressionsIn(rules: ReflectMessage): Expression[] {
  const texts = (valueNamed(rules, "cel_expression") ?? []) as Iterable<string>;
  const named = (valueNamed(rules, "cel") ?? []) as Iterable<ReflectMessage>;
  return [
    ...[...texts].map((expression) => ({ id: expression, expression })),
    ...[...named].map((rule) => {
      const expression = String(valueNamed(rule, "expression"));
      return { id: String(valueNamed(rule, "id")) || expression, expression };
    }),
  ];
}
