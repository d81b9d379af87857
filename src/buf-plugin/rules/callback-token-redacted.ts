import { fieldsOf, isCallbackToken, isRedacted } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const callbackTokenRedacted: Rule = {
  id: "STIGMER_CALLBACK_TOKEN_REDACTED",
  purpose: "Checks that a field named callback_token has the option debug_redact.",
  type: "lint",
  *check(files) {
    for (const field of fieldsOf(files)) {
      if (!isCallbackToken(field) || isRedacted(field)) continue;
      yield {
        at: field,
        message: `Field "callback_token" on message "${field.parent.name}" must have [debug_redact = true]: whoever reads a task token in a log can end the waiting activity.`,
      };
    }
  },
};
