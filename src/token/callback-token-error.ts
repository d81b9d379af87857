/**
 * Why bytes, text or a message are refused:
 *
 * - `empty`: no bytes; an absent token is `undefined`, never an empty one
 * - `too-long`: more than 8,192 bytes
 * - `not-bytes`: something else than a `Uint8Array`
 * - `malformed`: text that is not Base64
 * - `wrong-message`: a message that carries no callback token, or no message at all
 * - `conflict`: the status has another token than the spec (`migrateCallbackToken`)
 */
export type CallbackTokenErrorCode =
  | "empty"
  | "too-long"
  | "not-bytes"
  | "malformed"
  | "wrong-message"
  | "conflict";

/** A refused callback token. The message never contains any of its bytes. */
export class CallbackTokenError extends Error {
  override readonly name = "CallbackTokenError";
  /** What a program decides by. The text is for people, and may change. */
  readonly code: CallbackTokenErrorCode;

  constructor(code: CallbackTokenErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
