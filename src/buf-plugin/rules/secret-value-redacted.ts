import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { fieldNamed, isRedacted, messagesOf, textOrBytes } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const secretValueRedacted: Rule = {
  id: "STIGMER_SECRET_VALUE_REDACTED",
  purpose: "Checks that the value beside a field is_secret has the option debug_redact.",
  type: "lint",
  *check(files) {
    for (const message of messagesOf(files)) {
      if (fieldNamed(message, "is_secret") === undefined) continue;
      for (const field of valuesOf(message)) {
        if (isRedacted(field)) continue;
        yield {
          at: field,
          message: `Field "${field.name}" on message "${message.name}" must have [debug_redact = true]: its sibling "is_secret" says that it may hold a secret, which a log would show.`,
        };
      }
    }
  },
};

/** The fields whose secrecy is_secret tells: those called value or, where none is, all that hold content. */
function valuesOf({ fields }: DescMessage): readonly DescField[] {
  const named = fields.filter(
    ({ name, oneof }) => isValue(name) || (oneof !== undefined && isValue(oneof.name)),
  );
  return named.length > 0 ? named : fields.filter(holdsContent);
}

function isValue(name: string): boolean {
  return /(?:^|_)values?$/.test(name);
}

/** Text or bytes, or a message, in which there may be some. A flag, a number or an enum is no secret. */
function holdsContent({ scalar, message }: DescField): boolean {
  return scalar === undefined ? message !== undefined : textOrBytes.includes(scalar);
}
