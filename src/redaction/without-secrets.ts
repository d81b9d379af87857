import {
  clearField,
  create,
  type DescField,
  type DescMessage,
  isFieldSet,
  type Message,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { describeType } from "../describe-type.js";
import { emptyValue, isRequired } from "./empty-value.js";
import { fieldValue, setFieldValue } from "./field-value.js";
import type { RedactionOptions } from "./redaction-options.js";
import { areSecret, type NestedField, secretFields } from "./secret-fields.js";
import { unpack } from "./unpack.js";

interface Options extends RedactionOptions {
  onRemoval?: (removal: Removal) => void;
  keepUnknown?: boolean;
}

/** What is taken out of a message, and where that would be in its JSON form. */
export interface Removal {
  readonly path: readonly string[];
  /** The field that was set, or undefined for an `Any` of unknown type. */
  readonly field: DescField | undefined;
  readonly message: Message;
}

/**
 * The message without what may be secret: fields with `debug_redact` (beside an `is_secret` that is
 * false they stay; required ones are emptied), unknown fields, and an `Any` of unknown type. Shares with the message all parts
 * that need no change, up to the whole of it.
 *
 * Tells `onRemoval` of all but the unknown fields. With `keepUnknown` these stay, except in a message
 * that is copied anyway, and only what may hold a secret is looked at.
 *
 * Throws a `TypeError` for a message of another type, at any depth that is looked at.
 */
export function withoutSecrets<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  { registry, onRemoval, keepUnknown = false }: Options,
): MessageShape<Desc> {
  const path: string[] = [];
  return redacted(schema, message) as MessageShape<Desc>;

  function redacted(desc: DescMessage, message: Message): Message {
    if (message?.$typeName !== desc.typeName) {
      throw new TypeError(`expected ${desc.typeName}, got ${describeType(message)}`);
    }
    if (desc.typeName === AnySchema.typeName) return redactedAny(message as Any);

    // A field that the contract does not know, or knows no more, may be a secret like any other.
    let copy = message.$unknown === undefined || keepUnknown ? message : shallowCopy(message);
    const fields = secretFields(desc);
    const { secrets, nested, leading } = fields;
    const removed = new Set<DescField>();
    if (secrets.length > 0 && areSecret(message, fields)) {
      for (const field of secrets) {
        if (!isFieldSet(message, field)) continue;
        onRemoval?.({ path: [...path, field.jsonName], field, message });
        if (copy === message) copy = shallowCopy(message);
        removed.add(field);
        if (isRequired(field)) setFieldValue(copy, field, emptyValue(field));
        else clearField(copy, field);
      }
    }
    for (const field of keepUnknown ? leading : nested) {
      const value = removed.has(field) ? undefined : fieldValue(message, field);
      if (value === undefined) continue;
      path.push(field.jsonName);
      const safe = redactedValue(field, value);
      path.pop();
      if (safe === value) continue;
      if (copy === message) copy = shallowCopy(message);
      setFieldValue(copy, field, safe);
    }
    return copy;
  }

  function redactedValue({ fieldKind, message: desc }: NestedField, value: unknown): unknown {
    if (fieldKind !== "list" && fieldKind !== "map") return redacted(desc, value as Message);
    // The items of a list are under their index, as the values of a map under their key.
    const items = value as Record<string, Message>;
    let copy = items;
    for (const key of Object.keys(items)) {
      const item = items[key] as Message;
      path.push(key);
      const safe = redacted(desc, item);
      path.pop();
      if (safe === item) continue;
      if (copy === items)
        copy = (fieldKind === "list" ? [...(value as Message[])] : { ...items }) as Record<
          string,
          Message
        >;
      copy[key] = safe;
    }
    return copy;
  }

  function redactedAny(any: Any): Any {
    const content = unpack(any, registry);
    if (content === undefined) {
      if (any.typeUrl !== "" || any.value.length > 0)
        onRemoval?.({ path: [...path], field: undefined, message: any });
      return create(AnySchema);
    }
    const { desc, message } = content;
    // Only another Any would be inside of a property of its own.
    const isNested = desc.typeName === AnySchema.typeName;
    if (isNested) path.push("value");
    const safe = redacted(desc, message);
    if (isNested) path.pop();
    // Encoded anew even when nothing was taken out: the bytes may hold what a decoder drops, such as
    // the first of two tokens.
    return create(AnySchema, { typeUrl: any.typeUrl, value: toBinary(desc, safe) });
  }
}

/** A copy without unknown fields. */
function shallowCopy(message: Message): Message {
  const prototype = Object.getPrototypeOf(message);
  // Where a message has default values, they are in its prototype.
  const copy: Message =
    prototype === Object.prototype
      ? { ...message }
      : Object.assign(Object.create(prototype), message);
  delete copy.$unknown;
  return copy;
}
