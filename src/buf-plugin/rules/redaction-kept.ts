import type { DescField } from "@bufbuild/protobuf";
import {
  addedFields,
  describeField,
  fieldNamed,
  fieldsOf,
  isRedacted,
  packageOf,
} from "../descriptors.js";
import type { Files, Rule } from "../rule.js";
import { otherVersionsOf, successorsOf } from "../successors.js";

export const redactionKept: Rule = {
  id: "STIGMER_REDACTION_KEPT",
  purpose: "Checks that debug_redact is not removed from a field, nor lost when it is moved.",
  type: "breaking",
  *check(files, against) {
    const added = addedFields(files, against);
    for (const was of fieldsOf(against)) {
      if (!isRedacted(was)) continue;
      for (const at of heirsOf(was, files, against, added)) {
        if (isRedacted(at)) continue;
        const before = describeField(was);
        const since = before === describeField(at) ? "" : ` since it was ${before}`;
        yield {
          at,
          was,
          message: `Field "${at.name}" on message "${at.parent.name}" has lost debug_redact${since}: loggers and debuggers that rely on the option show its value from now on. Set [debug_redact = true].`,
        };
      }
    }
  },
};

/**
 * The fields that hold today what the given one held: that of its number, which reads its old bytes,
 * and that of its name, also when the message has another name or version; when all are gone, the one of
 * its name that is new in the package.
 */
function heirsOf(
  was: DescField,
  files: Files,
  against: Files,
  added: ReadonlyMap<string, readonly DescField[]>,
): Iterable<DescField> {
  const stayed = [...successorsOf(was.parent, files, against)].flatMap((message) => [
    message.fields.find(({ number }) => number === was.number),
    // In another message, a name may mean something else as long as the old message is there.
    message.typeName === was.parent.typeName || files.message(was.parent.typeName) === undefined
      ? fieldNamed(message, was.name)
      : undefined,
  ]);
  const versions = otherVersionsOf(was.parent, files)
    .map((message) => fieldNamed(message, was.name))
    .filter((field) => field && added.get(was.name)?.includes(field));
  const found = [...stayed, ...versions].filter((field) => field !== undefined);
  if (stayed.some((field) => field !== undefined)) return new Set(found);
  const moved = (added.get(was.name) ?? []).filter((at) => packageOf(at) === packageOf(was));
  // With several, which one it is would be a guess.
  return new Set([...found, ...(moved.length === 1 ? moved : [])]);
}
