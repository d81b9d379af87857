import type { DescEnum } from "@bufbuild/protobuf";
import { messagesOf } from "../descriptors.js";
import type { Files, Rule } from "../rule.js";

export const enumPrefixKept: Rule = {
  id: "STIGMER_ENUM_PREFIX_KEPT",
  purpose:
    "Checks that the values of an enum keep the prefix that they share, which TypeScript leaves out.",
  type: "breaking",
  *check(files, against) {
    for (const was of enumsOf(against)) {
      const at = files.enum(was.typeName);
      if (at === undefined || at.sharedPrefix === was.sharedPrefix) continue;
      const { sharedPrefix } = was;
      const [value] = was.values;
      const before = value?.localName;
      const now = at.values.find(({ number }) => number === value?.number)?.localName;
      const cause = at.values.find(({ name }) => was.values.every((old) => old.name !== name));
      yield {
        at: cause ?? at,
        was,
        message: `The values of enum "${at.name}" share ${sharedPrefix === undefined ? "a prefix now" : "no prefix any more"}: in TypeScript all of its members have other names, as ${at.name}.${now} for ${at.name}.${before}, and callers do not compile. ${sharedPrefix === undefined ? "Keep a value without it." : `Begin the name with ${sharedPrefix.toUpperCase()} and a letter.`}`,
      };
    }
  },
};

function* enumsOf(files: Files): Iterable<DescEnum> {
  for (const file of files.checked) yield* file.enums;
  for (const message of messagesOf(files)) yield* message.nestedEnums;
}
