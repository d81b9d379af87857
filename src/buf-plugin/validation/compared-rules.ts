import type { DescExtension, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { extensionsOf, messagesOf } from "../descriptors.js";
import type { Files } from "../rule.js";
import { successorsOf } from "../successors.js";
import type { Rules } from "./constraint.js";
import { readFieldRules } from "./read-field-rules.js";
import { readMessageRules } from "./read-message-rules.js";
import { readOneofRules } from "./read-oneof-rules.js";
import { readPredefinedRules } from "./read-predefined-rules.js";

/** What can have rules. An extension is one that declares them. */
export type Ruled = DescExtension | DescField | DescMessage | DescOneof;

/** The rules of an element of a message that was there before, and what they were. */
export interface Compared {
  readonly at: Ruled;
  readonly now: Rules;
  /** Undefined when the element is new. */
  readonly was: Ruled | undefined;
  readonly before: Rules | undefined;
}

/** The rules of every message that was there before, whatever it is called now, of its oneofs and its fields. */
export function* comparedRules(files: Files, against: Files): Iterable<Compared> {
  for (const was of extensionsOf(against)) {
    const at = files.extension(was.typeName);
    if (at === undefined) continue;
    const before = readPredefinedRules(was, against);
    yield { at, now: readPredefinedRules(at, files), was, before };
  }
  for (const was of messagesOf(against)) {
    for (const at of successorsOf(was, files, against)) {
      // Another message that was there before has rules of its own to be compared with.
      if (at.typeName !== was.typeName && against.message(at.typeName) !== undefined) continue;
      yield {
        at,
        now: readMessageRules(at, files, was),
        was,
        before: readMessageRules(was, against, at),
      };
      for (const oneof of at.oneofs) {
        const old = was.oneofs.find(({ name }) => name === oneof.name);
        const before = old && readOneofRules(old, against);
        yield { at: oneof, now: readOneofRules(oneof, files), was: old, before };
      }
      for (const field of at.fields) {
        const old = was.fields.find(({ number }) => number === field.number);
        if (old !== undefined && !isOfSameKind(old, field)) continue;
        const before = old && readFieldRules(old, against);
        yield { at: field, now: readFieldRules(field, files), was: old, before };
      }
    }
  }
}

/** Rules for values of another type cannot be compared, and buf reports that the type has changed. */
function isOfSameKind(one: DescField, other: DescField): boolean {
  const isMessage = (field: DescField) => field.message !== undefined;
  return (
    one.fieldKind === other.fieldKind &&
    one.scalar === other.scalar &&
    isMessage(one) === isMessage(other)
  );
}
