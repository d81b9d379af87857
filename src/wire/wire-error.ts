/**
 * Why encoded bytes are refused:
 *
 * - `truncated`: the bytes end before the field does, or a message before its last varint
 * - `bad-tag`: a field number outside of 1 to 536,870,911, or a group that the end of another one
 *   closes
 * - `bad-wire-type`: a wire type that does not exist, 6 or 7
 * - `too-long`: a varint of more than 10 bytes, or a tag of more than 5
 * - `length-overflow`: a length that points beyond the spec or the status that the field is in, or a
 *   length of 2 GiB or more, also of a spec that would grow to it with the token
 * - `too-deep`: a group at a depth of more than 100. The outermost message is at 1, the spec and the
 *   status are at 2. Decoders refuse it too (protobuf-es: `recursionLimit`)
 * - `conflict`: the status has another token than the spec (`migrateCallbackToken`); the offset is
 *   that of the status's token
 */
export type WireErrorCode =
  | "truncated"
  | "bad-tag"
  | "bad-wire-type"
  | "too-long"
  | "length-overflow"
  | "too-deep"
  | "conflict";

/** Refused bytes. The message never contains any of them. */
export class WireError extends Error {
  override readonly name = "WireError";
  /**
   * @param offset where the field at fault starts, with the first byte of its tag; for a group that
   * is not closed, where its end is missing
   */
  constructor(
    readonly code: WireErrorCode,
    readonly offset: number,
    expected: string,
  ) {
    super(`field at byte ${offset}: expected ${expected}`);
  }
}
