import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { fieldNamed, fieldsOf, isCallbackToken, isRedacted, textOrBytes } from "../descriptors.js";
import type { Rule } from "../rule.js";

const secretNames = [
  "token",
  "token_hash",
  "password",
  "password_hash",
  "passwd",
  "passphrase",
  "secret",
  "secret_hash",
  "credential",
  "access_key",
  "api_key",
  "encryption_key",
  "key_hash",
  "private_key",
  "secret_key",
  "session_key",
  "signing_key",
  "authorization",
  "bearer",
  "cookie",
  "headers",
  "jwt",
];

const plainNames = [
  "continuation_token",
  "next_token",
  "page_token",
  "pagination_token",
  "resume_token",
  "sync_token",
];

export const secretNameRedacted: Rule = {
  id: "STIGMER_SECRET_NAME_REDACTED",
  purpose:
    "Checks that a field has the option debug_redact when its name or its type says that it holds a secret.",
  type: "lint",
  options: {
    secret_names: {
      purpose: "More names of secrets: whole names, or the last words of them, in the singular",
      preset: secretNames,
    },
    plain_names: {
      purpose: "More names of what is no secret; the longer one of two names counts",
      preset: plainNames,
    },
    secret_types: {
      purpose: "Full names of messages whose fields hold secrets by any name",
      preset: [],
    },
  },
  *check(files, _, options) {
    const { secret_names = [], plain_names = [], secret_types = [] } = options;
    const names = new Map<string, boolean>();
    for (const name of secretNames) names.set(name, true);
    for (const name of plainNames) names.set(name, false);
    for (const name of secret_names) names.set(name, true);
    for (const name of plain_names) names.set(name, false);
    for (const field of fieldsOf(files)) {
      // The token has a rule of its own.
      if (isRedacted(field) || isCallbackToken(field)) continue;
      const byType = field.message !== undefined && secret_types.includes(field.message.typeName);
      if (!byType && !(holdsText(field) && isSecretName(field.name, names))) continue;
      const reason = byType ? `its type ${field.message.typeName}` : "its name";
      yield {
        at: field,
        message: `Field "${field.name}" on message "${field.parent.name}" must have [debug_redact = true]: ${reason} says that it holds a secret, which whoever reads a log could use. If it is none, list "${field.name}" under plain_names, an option of the plugin in buf.yaml.`,
      };
    }
  },
};

/** Whether the longest known name at the end of this one, in the singular or the plural, is a secret's. */
function isSecretName(name: string, names: ReadonlyMap<string, boolean>): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split("_");
  // is_secret tells of a secret, and holds none, whatever its type.
  if (words[0] === "is" || words[0] === "has") return false;
  for (let start = 0; start < words.length; start++) {
    const end = words.slice(start).join("_");
    const found = names.get(end) ?? names.get(end.replace(/s$/, ""));
    if (found !== undefined) return found;
  }
  return false;
}

const wrappers = ["BytesValue", "ListValue", "StringValue", "Struct", "Value"].map(
  (name) => `google.protobuf.${name}`,
);

/** Text or bytes: one, a list or a map of it; or a message around it that does not hide it itself. */
function holdsText({ scalar, message }: DescField): boolean {
  if (message === undefined) return scalar !== undefined && textOrBytes.includes(scalar);
  return wrappers.includes(message.typeName) || hasPlainValue(message);
}

function hasPlainValue(message: DescMessage): boolean {
  const value = fieldNamed(message, "value") ?? fieldNamed(message, "values");
  return value?.scalar !== undefined && textOrBytes.includes(value.scalar) && !isRedacted(value);
}
