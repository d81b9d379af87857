import type { Rule } from "../rule.js";
import { refusedUnset, stricterThan } from "../validation/changes.js";
import { comparedRules } from "../validation/compared-rules.js";
import { titleOf } from "../validation/title-of.js";

export const validationNotStricter: Rule = {
  id: "STIGMER_VALIDATION_NOT_STRICTER",
  purpose:
    "Checks that the rules of protovalidate refuse nothing that they did not, nor may do so, on what is there already.",
  type: "breaking",
  *check(files, against) {
    for (const { at, now, was, before } of comparedRules(files, against)) {
      if (before === undefined) {
        const refused = refusedUnset(now);
        if (refused.length === 0) continue;
        yield {
          at,
          message: `${titleOf(at)} is new, and is refused where it is not set, by ${refused.join("; ")}: clients that do not know it are refused from now on. Let it be unset, as by ignore = IGNORE_IF_ZERO_VALUE, or add a new message.`,
        };
        continue;
      }
      const changes = stricterThan(before, now);
      if (changes.length === 0) continue;
      yield {
        at,
        was,
        message: `${titleOf(at)} has stricter rules: ${changes.join("; ")}. What was valid may be refused from now on, from clients that run and in what is stored. Undo it, or ask it of a new field or message.`,
      };
    }
  },
};
