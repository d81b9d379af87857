import {
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type MessageShape,
  toJson,
} from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { type CallbackToken, describeCallbackToken } from "../token/index.js";
import { fieldValue } from "./field-value.js";
import type { RedactionOptions } from "./redaction-options.js";
import { type Removal, withoutSecrets } from "./without-secrets.js";

const mark = "[redacted]";

/**
 * The message in its proto3 JSON form, for a log: a mark stands for what `redact` empties. The mark of
 * a callback token is its length and fingerprint, as `describeCallbackToken` gives them; that of
 * anything else is `"[redacted]"`. Fields that are not set are left out, secret ones too.
 *
 * Throws a `TypeError` for a message of another type, at any depth, and what `toJson` throws for a
 * message that has no JSON form, such as a Timestamp that is out of range.
 */
export function toRedactedJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  options: RedactionOptions = {},
): JsonValue {
  const removals: Removal[] = [];
  const safe = withoutSecrets(schema, message, {
    ...options,
    onRemoval: (removal) => removals.push(removal),
    // JSON shows no unknown field but the extensions that are in the registry.
    keepUnknown: options.registry === undefined,
  });
  const json = checkedJson(schema, message, safe, options);
  const root: JsonObject = { json };
  for (const removal of removals) {
    const path = ["json", ...removal.path];
    const last = path.pop() as string;
    const parent = path.reduce<JsonObject>((object, key) => object[key] as JsonObject, root);
    parent[last] = markOf(removal);
  }
  return root.json as JsonValue;
}

function checkedJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  safe: MessageShape<Desc>,
  options: RedactionOptions,
): JsonValue {
  try {
    return toJson(schema, safe, options);
  } catch (error) {
    // Looks at all of the message, and names one of another type as it does everywhere else.
    withoutSecrets(schema, message, options);
    throw error;
  }
}

function markOf({ field, message }: Removal): JsonValue {
  if (field === undefined) return { "@type": (message as Any).typeUrl, value: mark };
  if (field.name !== "callback_token") return mark;
  try {
    return describeCallbackToken(fieldValue(message, field) as CallbackToken);
  } catch {
    // No possible token, but secret all the same.
    return mark;
  }
}
