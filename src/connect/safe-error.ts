import { create, fromBinary, isMessage, toBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import type { RedactionOptions } from "../redaction/index.js";
import { withoutSecrets } from "../redaction/without-secrets.js";
import type { SafeHeaders } from "./safe-headers.js";

/**
 * The error with its details redacted, and its metadata without what nobody has said to be public. A
 * detail that cannot be redacted, for its type is not known or it is not of that type, is left out.
 */
export function safeError(
  error: unknown,
  headers: SafeHeaders,
  options: RedactionOptions,
): unknown {
  // Of anything else, Connect says no more than that there was an error.
  if (!(error instanceof ConnectError)) return error;
  const { rawMessage, code, metadata, details } = error;
  // Without its cause, which may be the error that the details come from.
  const safe = new ConnectError(rawMessage, code, metadata);
  headers.metadata(safe.metadata);
  safe.details = details.flatMap((detail) => {
    try {
      if ("desc" in detail) {
        const { desc, value } = detail;
        const message = isMessage(value) ? value : create(desc, value);
        return { desc, value: withoutSecrets(desc, message, options) };
      }
      const desc = options.registry?.getMessage(detail.type);
      if (desc === undefined) return [];
      const message = withoutSecrets(desc, fromBinary(desc, detail.value), options);
      return { type: detail.type, value: toBinary(desc, message) };
    } catch {
      return [];
    }
  });
  return safe;
}
