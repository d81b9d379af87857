/**
 * Why a handshake cannot go on:
 *
 * - `invalid-token`: the engine does not accept the bytes as a token; trying again is no use
 * - `unavailable`: the engine could not be asked; the same call may be made again
 * - `not-terminal`: an outcome was to be reported for an execution that has not ended
 * - `token-withheld`: the execution, read again, came without its token; the reader may not see it
 * - `deadline-exceeded`: the execution did not end in time; it goes on
 * - `wrong-id`: an id of neither kind of execution, or none where one is needed
 */
export type HandshakeErrorCode =
  | "invalid-token"
  | "unavailable"
  | "not-terminal"
  | "token-withheld"
  | "deadline-exceeded"
  | "wrong-id";

/** A handshake that cannot go on. The message never contains a token. */
export class HandshakeError extends Error {
  override readonly name = "HandshakeError";
  readonly code: HandshakeErrorCode;

  constructor(code: HandshakeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
