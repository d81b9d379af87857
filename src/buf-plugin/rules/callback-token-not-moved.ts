import type { DescField } from "@bufbuild/protobuf";
import { addedFields, fieldNamed, fieldsOf, isCallbackToken, packageOf } from "../descriptors.js";
import type { Files, Rule } from "../rule.js";

export const callbackTokenNotMoved: Rule = {
  id: "STIGMER_CALLBACK_TOKEN_NOT_MOVED",
  purpose: "Checks that callback_token stays in its message and at its number, reserved or not.",
  type: "breaking",
  *check(files, against) {
    const added = addedFields(files, against).get("callback_token") ?? [];
    for (const was of fieldsOf(against)) {
      if (!isCallbackToken(was)) continue;
      const at = newPlaceOf(was, files, against, added);
      if (at !== undefined) yield { at, was, message: consequence(was, at) };
    }
  },
};

/**
 * Where the token is now, when bytes no longer hold it where it was. One that is just gone, or that
 * has another name itself or by its message, is buf's to report.
 */
function newPlaceOf(
  was: DescField,
  files: Files,
  against: Files,
  added: readonly DescField[],
): DescField | undefined {
  const message = files.message(was.parent.typeName);
  if (message?.fields.some(({ number }) => number === was.number)) return undefined;
  const stayed = message && fieldNamed(message, was.name);
  if (stayed !== undefined) return stayed;
  const isMessageRenamed =
    message === undefined &&
    added.some(({ parent, number }) => {
      return against.message(parent.typeName) === undefined && number === was.number;
    });
  if (isMessageRenamed) return undefined;
  const inPackage = added.filter((field) => packageOf(field) === packageOf(was));
  const ofKind = inPackage.find((field) => kindOf(field) === kindOf(was));
  return ofKind ?? inPackage[0] ?? (added.length === 1 ? added[0] : undefined);
}

/** What the spec and the status of a resource have in common in their names. */
function kindOf({ parent }: DescField): string {
  return parent.name.replace(/(Spec|Status)$/, "");
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
