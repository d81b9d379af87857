import { fieldsOf, isCallbackToken, isSingularBytes } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const callbackTokenType: Rule = {
  id: "STIGMER_CALLBACK_TOKEN_TYPE",
  purpose: "Checks that a field named callback_token is singular bytes.",
  type: "lint",
  *check(files) {
    for (const field of fieldsOf(files)) {
      if (!isCallbackToken(field) || isSingularBytes(field)) continue;
      yield {
        at: field,
        message: `Field "callback_token" on message "${field.parent.name}" must be singular bytes: a task token is one opaque byte string, which a string field corrupts and a list makes ambiguous. Declare it as "bytes callback_token".`,
      };
    }
  },
};
