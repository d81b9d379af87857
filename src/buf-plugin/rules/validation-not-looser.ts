import type { Rule } from "../rule.js";
import { looserThan } from "../validation/changes.js";
import { comparedRules } from "../validation/compared-rules.js";
import { titleOf } from "../validation/title-of.js";

export const validationNotLooser: Rule = {
  id: "STIGMER_VALIDATION_NOT_LOOSER",
  purpose:
    "Checks that the rules of protovalidate refuse all that they did, for whoever still goes by those of before.",
  type: "breaking",
  isOptional: true,
  *check(files, against) {
    for (const { at, now, was, before } of comparedRules(files, against)) {
      const changes = before === undefined ? [] : looserThan(before, now);
      if (changes.length === 0) continue;
      yield {
        at,
        was,
        message: `${titleOf(at)} has looser rules: ${changes.join("; ")}. Who reads it by the rules of before refuses some of what is valid now: let readers take the new rules before writers do.`,
      };
    }
  },
};
