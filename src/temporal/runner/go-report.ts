import type { JsonValue } from "@bufbuild/protobuf";
import { isJsonObject } from "../payload/is-json-object.js";

/**
 * The one argument of the activity `stigmer/system/complete-external-activity`, as Go's encoding/json
 * writes it.
 */
export interface GoReport {
  /** Base64; null or empty when nobody waits. */
  CallbackToken: string | null;
  /** What the waiting activity is to get; often a whole execution, as a Go struct. */
  Result: JsonValue;
  /** Anything but null for a failure. Go writes every error as `{}`. */
  Error: JsonValue;
}

/** The text of a Go error in JSON; empty when there is none, as in `{}`. */
export function goErrorText(error: JsonValue): string {
  if (typeof error === "string") return error;
  if (!isJsonObject(error)) return "";
  const [text] = [error.message, error.Message, error.error, error.Error].filter(
    (value) => typeof value === "string",
  );
  return (text as string | undefined) ?? "";
}

/**
 * A Go-JSON result without the callback token and the secret values of the execution that it may be:
 * it is going to stand in the history of the caller's workflow.
 */
export function withoutGoSecrets(result: JsonValue): JsonValue {
  if (Array.isArray(result)) return result.map(withoutGoSecrets);
  if (!isJsonObject(result)) return result;
  const entries = Object.entries(result);
  const isSecretValue = entries.some(
    ([key, value]) => nameOf(key) === "issecret" && value === true,
  );
  return Object.fromEntries(
    entries
      .filter(([key]) => nameOf(key) !== "callbacktoken")
      .filter(([key]) => !(isSecretValue && nameOf(key) === "value"))
      .map(([key, value]) => [key, withoutGoSecrets(value)]),
  );
}

/** A field's name, whether it is written as the proto, its JSON or a struct without tags has it. */
function nameOf(key: string): string {
  return key.replaceAll("_", "").toLowerCase();
}
