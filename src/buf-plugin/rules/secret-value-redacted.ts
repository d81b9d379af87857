import { fieldNamed, isRedacted, messagesOf } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const secretValueRedacted: Rule = {
  id: "STIGMER_SECRET_VALUE_REDACTED",
  purpose: "Checks that a field whose sibling is is_secret has the option debug_redact.",
  type: "lint",
  *check(files) {
    for (const message of messagesOf(files)) {
      if (fieldNamed(message, "is_secret") === undefined) continue;
      for (const field of message.fields) {
        if (field.name === "is_secret" || isRedacted(field)) continue;
        yield {
          at: field,
          message: `Field "${field.name}" on message "${message.name}" must have [debug_redact = true]: its sibling "is_secret" says that it may hold a secret, which a log would show.`,
        };
      }
    }
  },
};
