import { fieldsOf, isCallbackToken } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const callbackTokenInSpec: Rule = {
  id: "STIGMER_CALLBACK_TOKEN_IN_SPEC",
  purpose: "Checks that a field named callback_token is declared in a message named ...Spec only.",
  type: "lint",
  *check(files) {
    for (const field of fieldsOf(files)) {
      if (!isCallbackToken(field) || field.parent.name.endsWith("Spec")) continue;
      yield {
        at: field,
        message: `Field "callback_token" must not be on message "${field.parent.name}": the token is an input of the caller, and runners look for it in the execution's spec only. Declare it in a message named "...Spec".`,
      };
    }
  },
};
