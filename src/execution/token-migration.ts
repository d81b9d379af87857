/**
 * What a migration did:
 *
 * - `moved`: the token of the status is now in the spec
 * - `removed`: the token is gone from the status, because the spec had the same one, or because an
 *   empty one had followed it
 * - `unchanged`: the status has no token
 */
export type TokenMigration = "moved" | "removed" | "unchanged";
