/**
 * Why a handshake cannot go on:
 *
 * - `invalid-token`: the engine does not accept the bytes as a token; trying again is no use
 * - `unavailable`: the engine could not be asked; the same call may be made again
 * - `not-terminal`: an outcome was to be reported for an execution that has not ended
 * - `token-withheld`: somebody waits for the execution, but it came without its token, which its reader
 *   may not see: give the reader the right to, and report again
 * - `deadline-exceeded`: the execution did not end in time; it goes on
 * - `wrong-id`: an id of neither kind of execution, none where one is needed, or that of another
 *   execution than was asked for
 * - `id-taken`: an execution has the id, or what the service derives from the name, that another
 *   request has asked for; choose another id or name
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
