import type { DescField } from "@bufbuild/protobuf";
import { describeField, fieldNamed, fieldsOf, isRedacted, packageOf } from "../descriptors.js";
import type { Files, Rule } from "../rule.js";

export const redactionKept: Rule = {
  id: "STIGMER_REDACTION_KEPT",
  purpose: "Checks that debug_redact is not removed from a field, nor lost when it is moved.",
  type: "breaking",
  *check(files, against) {
    for (const was of fieldsOf(against)) {
      if (!isRedacted(was)) continue;
      const at = successorOf(was, files, against);
      if (at === undefined || isRedacted(at)) continue;
      const from =
        describeField(was) === describeField(at) ? "" : ` since it was ${describeField(was)}`;
      yield {
        at,
        was,
        message: `Field "${at.name}" on message "${at.parent.name}" has lost debug_redact${from}: loggers and debuggers that rely on the option show its value from now on. Set [debug_redact = true].`,
      };
    }
  },
};

/** The field that holds today what the given one held: by number, by name, or in another message. */
function successorOf(was: DescField, files: Files, against: Files): DescField | undefined {
  const message = files.message(was.parent.typeName);
  const stayed =
    message?.fields.find(({ number }) => number === was.number) ??
    (message && fieldNamed(message, was.name));
  if (stayed !== undefined) return stayed;
  return [...fieldsOf(files)].find((field) => {
    const before = against.message(field.parent.typeName);
    const isNew = before === undefined || fieldNamed(before, field.name) === undefined;
    return isNew && field.name === was.name && packageOf(field) === packageOf(was);
  });
}
