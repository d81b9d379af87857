/**
 * Callback tokens in encoded bytes: reads and writes them without decoding the rest. Imports
 * nothing.
 */

export type { ExecutionKind, MessageKind } from "./field-numbers.js";
export { migrateCallbackToken, type TokenMigration } from "./migrate-callback-token.js";
export { peekCallbackToken } from "./peek-callback-token.js";
export { removeCallbackToken } from "./remove-callback-token.js";
export { replaceCallbackToken } from "./replace-callback-token.js";
export { WireError, type WireErrorCode } from "./wire-error.js";
