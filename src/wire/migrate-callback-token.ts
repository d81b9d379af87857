import { equalBytes } from "../equal-bytes.js";
import type { ExecutionKind } from "../execution/kinds.js";
import type { TokenMigration } from "../execution/token-migration.js";
import { fieldNumbers } from "./field-numbers.js";
import { peek } from "./peek.js";
import { rewrite } from "./rewrite.js";
import { WireError } from "./wire-error.js";

/**
 * Moves a callback token that an encoded execution has in its status (WorkflowExecutionStatus field 11,
 * AgentExecutionStatus field 10) to the spec, and returns what it did. Every other byte is kept, in its
 * order; `bytes` itself is returned when there is nothing to move. A token of any length is moved.
 *
 * Throws a `WireError` with code `conflict` when status and spec have different tokens, or with the
 * codes for malformed bytes in the execution, its spec or its status, and a `TypeError` for a kind that
 * does not exist or anything but a `Uint8Array`.
 */
export function migrateCallbackToken<Memory extends ArrayBufferLike>(
  kind: ExecutionKind,
  bytes: Uint8Array<Memory>,
): { bytes: Uint8Array<Memory | ArrayBuffer>; migration: TokenMigration } {
  const [path, formerPath] = fieldNumbers(kind, bytes);
  const former = peek(bytes, formerPath);
  const current = peek(bytes, path);
  if (former && current && !equalBytes(former, current)) {
    throw new WireError("conflict", former.byteOffset - bytes.byteOffset, "the token of the spec");
  }
  if (former && !current) {
    return {
      bytes: rewrite(bytes, path, former, formerPath),
      migration: "moved",
    };
  }
  const stripped = rewrite(bytes, formerPath);
  return { bytes: stripped, migration: stripped === bytes ? "unchanged" : "removed" };
}
