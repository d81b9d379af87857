import {
  type DescField,
  type DescMessage,
  isFieldSet,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { AnySchema, FeatureSet_FieldPresence, isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { fieldValue } from "./field-value.js";

/** What a redaction looks at in a message. */
export interface SecretFields {
  /** The fields with `debug_redact`. */
  readonly secrets: readonly DescField[];
  /** The field that says whether these are secret; undefined when they always are. See `areSecret`. */
  readonly flag: DescField | undefined;
  /** The fields that hold messages: one, a list or a map. */
  readonly nested: readonly NestedField[];
  /** Those of them that may hold a secret, at any depth. */
  readonly leading: readonly NestedField[];
}

export type NestedField = DescField & { readonly message: DescMessage };

const cache = new WeakMap<DescMessage, SecretFields>();

/** Computed once per descriptor. */
export function secretFields(desc: DescMessage): SecretFields {
  let found = cache.get(desc);
  if (found === undefined) {
    found = findSecretFields(desc);
    cache.set(desc, found);
  }
  return found;
}

/** Whether the fields with `debug_redact` are secret in this message, by its flag. */
export function areSecret(message: Message, { flag }: SecretFields): boolean {
  if (flag === undefined || fieldValue(message, flag) !== false) return true;
  // Not said is not denied, where a message can tell the two apart.
  return flag.presence !== FeatureSet_FieldPresence.IMPLICIT && !isFieldSet(message, flag);
}

function findSecretFields({ fields }: DescMessage): SecretFields {
  const nested = fields.filter(holdsMessages);
  return {
    secrets: fields.filter(isSecret),
    flag: fields.find(
      ({ name, fieldKind, scalar }) =>
        name === "is_secret" && fieldKind === "scalar" && scalar === ScalarType.BOOL,
    ),
    nested,
    leading: nested.filter(({ message }) => mayHoldSecrets(message, new Set())),
  };
}

function isSecret(field: DescField): boolean {
  return field.proto.options?.debugRedact === true;
}

function mayHoldSecrets(desc: DescMessage, seen: Set<DescMessage>): boolean {
  if (seen.has(desc)) return false;
  seen.add(desc);
  return (
    desc.typeName === AnySchema.typeName ||
    desc.fields.some(
      (field) =>
        isSecret(field) || (field.message !== undefined && mayHoldSecrets(field.message, seen)),
    )
  );
}

// protobuf-es has a plain object for a Struct in a field, and a plain value for a wrapper.
function holdsMessages(field: DescField): field is NestedField {
  const { fieldKind, message, oneof, parent } = field;
  if (message === undefined) return false;
  if (message.typeName === "google.protobuf.Struct") {
    return parent.typeName === "google.protobuf.Value";
  }
  return fieldKind !== "message" || oneof !== undefined || !isWrapperDesc(message);
}
