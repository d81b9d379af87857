import type { DescField, DescMessage } from "@bufbuild/protobuf";
import {
  addedFields,
  fieldNamed,
  fieldsOf,
  isCallbackToken,
  isSingularBytes,
  packageOf,
} from "../descriptors.js";
import type { Files, Finding, Rule } from "../rule.js";
import { otherVersionsOf, successorsOf } from "../successors.js";

export const callbackTokenNotMoved: Rule = {
  id: "STIGMER_CALLBACK_TOKEN_NOT_MOVED",
  purpose:
    "Checks that callback_token stays in its message and at its number, reserved or not, also in other versions of its package.",
  type: "breaking",
  *check(files, against) {
    const tokens = [...fieldsOf(against)].filter(isCallbackToken);
    const kept = new Set(tokens.map((was) => readerOf(was, files, against)));
    const added = addedFields(files, against).get("callback_token") ?? [];
    const free = added.filter((field) => !kept.has(field));
    for (const was of tokens) {
      const finding = findingOf(was, files, against, free);
      if (finding !== undefined) yield finding;
      for (const at of renumberedIn(otherVersionsOf(was.parent, files), was, against)) {
        yield { at, was, message: otherVersion(was, at) };
      }
    }
  },
};

/** The field that reads today what was written as the given one. */
function readerOf(was: DescField, files: Files, against: Files): DescField | undefined {
  const [message] = successorsOf(was.parent, files, against);
  return message?.fields.find(({ number }) => number === was.number);
}

/** Undefined when bytes still hold the token where they did. */
function findingOf(
  was: DescField,
  files: Files,
  against: Files,
  added: readonly DescField[],
): Finding | undefined {
  const [message] = successorsOf(was.parent, files, against);
  const inPlace = readerOf(was, files, against);
  // Under another name it is the same token to all but JSON, which buf reports.
  if (inPlace && (inPlace.name === was.name || isSingularBytes(inPlace))) return undefined;
  const stayed = message && fieldNamed(message, was.name);
  if (stayed !== undefined) return { at: stayed, was, message: moved(was, stayed) };
  const isMessageRenamed =
    message === undefined &&
    added.some(({ parent, number }) => {
      return against.message(parent.typeName) === undefined && number === was.number;
    });
  if (isMessageRenamed) return undefined;
  const inPackage = added.filter((field) => packageOf(field) === packageOf(was));
  const ofKind = inPackage.find((field) => kindOf(field) === kindOf(was));
  const at = ofKind ?? inPackage[0] ?? (added.length === 1 ? added[0] : undefined);
  return at === undefined
    ? { at: inPlace ?? message, was, message: gone(was, message, inPlace) }
    : { at, was, message: moved(was, at) };
}

/** The tokens of a message in other versions of its package that have another number there. */
function renumberedIn(
  versions: readonly DescMessage[],
  was: DescField,
  against: Files,
): readonly DescField[] {
  return versions.flatMap((version) => {
    const at = fieldNamed(version, was.name);
    if (at === undefined || at.number === was.number) return [];
    const before = against.message(version.typeName);
    const isNew = before === undefined || fieldNamed(before, was.name)?.number !== at.number;
    return isNew ? [at] : [];
  });
}

/** What the spec and the status of a resource have in common in their names. */
function kindOf({ parent }: DescField): string {
  return parent.name.replace(/(Spec|Status)$/, "");
}

function moved(was: DescField, at: DescField): string {
  const to = at.parent.typeName === was.parent.typeName ? "" : ` of message "${at.parent.name}"`;
  return `Field "callback_token" on message "${was.parent.name}" moved from field ${was.number} to field ${at.number}${to}. Bytes written before keep the token in the old place, which readers of today skip as unknown: they find no token, report to nobody, and the caller waits until its timeout; readers of yesterday miss a token in the new place just so. ${advice(was, at)}`;
}

function gone(was: DescField, message: DescMessage | undefined, inPlace?: DescField): string {
  const reused =
    inPlace === undefined ? "" : ` Field "${inPlace.name}" shows the old ones as its own value.`;
  const name =
    message === undefined || message.name === was.parent.name ? "" : `, now "${message.name}",`;
  return `Field "callback_token" (field ${was.number}) on message "${was.parent.name}"${name} is gone. Callers still write tokens there, and executions that have not ended have one: readers of today find none, report to nobody, and the caller waits until its timeout.${reused} Keep it in "${was.parent.name}" with number ${was.number}.`;
}

function otherVersion(was: DescField, at: DescField): string {
  return `Field "callback_token" on message "${at.parent.typeName}" has number ${at.number}, and ${was.number} in ${packageOf(was)}. Who reads executions of either version as the other finds no token, reports to nobody, and the caller waits until its timeout. Give it number ${was.number}.`;
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
