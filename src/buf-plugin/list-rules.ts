import type { Value } from "./encode.js";
import type { Rule } from "./rule.js";

/** The category of all rules of this plugin. */
const category = {
  id: "STIGMER",
  purpose: "Checks that callback tokens, secrets and resources keep their place and their options.",
};

// Numbers of buf.plugin.check.v1.RuleType.
const types = { lint: 1, breaking: 2 };

/** A buf.plugin.check.v1.ListRulesResponse. */
export function listRules(rules: readonly Rule[]): Value {
  return {
    rules: rules.map(({ id, purpose, type, isOptional = false }) => ({
      id,
      purpose,
      type: types[type],
      category_ids: isOptional ? [] : [category.id],
      default: !isOptional,
    })),
  };
}

/** A buf.plugin.check.v1.ListCategoriesResponse. */
export function listCategories(): Value {
  return { categories: [category] };
}
