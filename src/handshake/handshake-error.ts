/**
 * Why a handshake cannot go on:
 *
 * - `invalid-token`: the engine does not accept the bytes as a token; trying again is no use
 * - `unavailable`: the engine could not be asked; the same call may be made again
 * - `not-terminal`: an outcome was to be reported for an execution that has not ended
 * - `token-withheld`: somebody waits for the execution, but its reader may not see its token: allow
 *   the reader to, and report again
 * - `deadline-exceeded`: the execution did not end in time; it goes on
 * - `wrong-id`: the id is missing, or is not that of an execution, or the service answered with another
 *   execution than was asked for
 * - `id-taken`: another request's execution has the id, or what the service derives from the name;
 *   choose another id or name
 * - `contended`: somebody else replaced the callback token at every try; the same call may be made
 *   again
 * - `too-large`: a message is larger than the other side, or this one, takes; trying again is no use
 */
export type HandshakeErrorCode =
  | "invalid-token"
  | "unavailable"
  | "not-terminal"
  | "token-withheld"
  | "deadline-exceeded"
  | "wrong-id"
  | "id-taken"
  | "contended"
  | "too-large";

/** A handshake that cannot go on. The message never contains a token. */
export class HandshakeError extends Error {
  override readonly name = "HandshakeError";
  readonly code: HandshakeErrorCode;

  constructor(code: HandshakeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
