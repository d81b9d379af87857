import { clone, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import type { RedactionOptions } from "./redaction-options.js";
import { withoutSecrets } from "./without-secrets.js";

/**
 * A copy of the message that is safe to show. At any depth, in lists and maps too, these are empty:
 *
 * - fields with the option `debug_redact`, such as `callback_token`. A field beside `is_secret` stays if
 *   `is_secret` is false, as `ExecutionValue.value` does; if the message can tell false from unset, it
 *   must be set to false. A field that proto2 requires gets its default, so that the copy can be encoded.
 * - unknown fields, because nobody can tell what they are: a later contract's secret, or a token that an
 *   old service has written to the status
 * - a `google.protobuf.Any` whose type is not in the registry, or whose bytes are not of its type
 *
 * The fields are found by the descriptors, once per descriptor. A secret in another field, such as in an
 * error text or in a Struct, is not found.
 *
 * Throws a `TypeError` for a message of another type, at any depth.
 */
export function redact<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  options: RedactionOptions = {},
): MessageShape<Desc> {
  return clone(schema, withoutSecrets(schema, message, options));
}
