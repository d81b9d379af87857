/**
 * Callback tokens in encoded bytes: reads and writes them without decoding the rest. Imports no
 * stubs, and nothing of Protobuf's.
 */

export type { ExecutionKind } from "../execution/kinds.js";
export type { TokenMigration } from "../execution/token-migration.js";
export type { MessageKind } from "./field-numbers.js";
export { migrateCallbackToken } from "./migrate-callback-token.js";
export { peekCallbackToken } from "./peek-callback-token.js";
export { removeCallbackToken } from "./remove-callback-token.js";
export { replaceCallbackToken } from "./replace-callback-token.js";
export { WireError, type WireErrorCode } from "./wire-error.js";
