import { fieldNamed, isResource, messagesOf, resourceFields } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const resourceFieldNumbers: Rule = {
  id: "STIGMER_RESOURCE_FIELD_NUMBERS",
  purpose:
    "Checks that a resource numbers api_version, kind, metadata, spec and status from 1 to 5.",
  type: "lint",
  *check(files) {
    for (const message of messagesOf(files)) {
      if (!isResource(message)) continue;
      for (const [index, name] of resourceFields.entries()) {
        const field = fieldNamed(message, name);
        if (field === undefined || field.number === index + 1) continue;
        yield {
          at: field,
          message: `Field "${name}" on resource "${message.name}" must have number ${index + 1}, not ${field.number}: readers of encoded resources find the parts of every kind by the same numbers.`,
        };
      }
    }
  },
};
