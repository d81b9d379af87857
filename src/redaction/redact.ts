import { clone, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import type { RedactionOptions } from "./redaction-options.js";
import { withoutSecrets } from "./without-secrets.js";

/**
 * A copy of the message that is safe to show. At any depth, in lists and maps too, these are empty:
 *
 * - fields with the option `debug_redact`, such as `callback_token`; beside a field `is_secret` they
 *   stay when that is false, as `ExecutionValue.value` does, and where a message can tell false from
 *   unset, when it is set to false. A field that proto2 requires has its default, so that the copy can
 *   be encoded.
 * - unknown fields, for nobody can tell what they are: a later contract's secret, or a token that an
 *   old service has written to the status
 * - a `google.protobuf.Any` of a type that is not in the registry, or that is not one of its type
 *
 * Which fields these are is read from the descriptors, once for each. A secret that stands in
 * another field, such as in an error text or in a Struct, is not found.
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
