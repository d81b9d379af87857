import { extensionsOf } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const extensionSameNumber: Rule = {
  id: "STIGMER_EXTENSION_SAME_NUMBER",
  purpose: "Checks that an extension field, such as a custom option, keeps its number.",
  type: "breaking",
  *check(files, against) {
    for (const was of extensionsOf(against)) {
      const at = files.extension(was.typeName);
      if (at === undefined || at.number === was.number) continue;
      yield {
        at,
        was,
        message: `Extension "${at.name}" of message "${at.extendee.name}" moved from field ${was.number} to field ${at.number}. Bytes written before, and protos compiled before where it is a custom option, have it in the old place, which readers of today skip as unknown. buf does not compare the numbers of extensions. Keep number ${was.number}, or add an extension of another name.`,
      };
    }
  },
};
