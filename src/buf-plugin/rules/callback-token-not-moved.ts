import type { DescField } from "@bufbuild/protobuf";
import { fieldNamed, fieldsOf, isCallbackToken, packageOf } from "../descriptors.js";
import type { Files, Rule } from "../rule.js";

export const callbackTokenNotMoved: Rule = {
  id: "STIGMER_CALLBACK_TOKEN_NOT_MOVED",
  purpose: "Checks that callback_token stays in its message and at its number, reserved or not.",
  type: "breaking",
  *check(files, against) {
    for (const was of fieldsOf(against)) {
      if (!isCallbackToken(was)) continue;
      const at = newPlaceOf(was, files, against);
      if (at !== undefined) yield { at, was, message: consequence(was, at) };
    }
  },
};

/**
 * Where the token is now, when bytes no longer hold it where it was. One that is just gone, or whose
 * message has another name, is buf's to report.
 */
function newPlaceOf(was: DescField, files: Files, against: Files): DescField | undefined {
  const message = files.message(was.parent.typeName);
  const stayed = message && fieldNamed(message, was.name);
  if (stayed !== undefined) return stayed.number === was.number ? undefined : stayed;
  const added = [...fieldsOf(files)].filter((field) => {
    const before = against.message(field.parent.typeName);
    const isNew = before === undefined || fieldNamed(before, field.name) === undefined;
    return isNew && field.name === was.name;
  });
  const isMessageRenamed =
    message === undefined &&
    added.some(({ parent, number }) => {
      return against.message(parent.typeName) === undefined && number === was.number;
    });
  if (isMessageRenamed) return undefined;
  const inPackage = added.find((field) => packageOf(field) === packageOf(was));
  return inPackage ?? (added.length === 1 ? added[0] : undefined);
}

function consequence(was: DescField, at: DescField): string {
  const to = at.parent.typeName === was.parent.typeName ? "" : ` of message "${at.parent.name}"`;
  return `Field "callback_token" on message "${was.parent.name}" moved from field ${was.number} to field ${at.number}${to}. Bytes written before keep the token in the old place, which readers of today skip as unknown: they find no token, report to nobody, and the caller waits until its timeout; readers of yesterday miss a token in the new place just so. ${advice(was, at)}`;
}

function advice(was: DescField, at: DescField): string {
  if (at.parent.name.endsWith("Status")) {
    return "A status is replaced by every update, which loses the token. Keep the token in the spec.";
  }
  if (was.parent.name.endsWith("Status")) {
    return `Keep number ${was.number} and the name reserved in "${was.parent.name}" for good, write tokens to "${at.parent.name}" only, and move the tokens of executions that have not ended there.`;
  }
  return `Keep it in "${was.parent.name}" with number ${was.number}.`;
}
