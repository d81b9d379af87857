import { textOf } from "../text-of.js";

// The status codes that Connect and gRPC share (gRPC, "Status codes and their use in gRPC"). Read
// from `code`, where ConnectError and grpc-js put them, so that no transport is imported here.
const unknown = 2;
const invalidArgument = 3;
const notFound = 5;
const alreadyExists = 6;
const resourceExhausted = 8;
const failedPrecondition = 9;
const internal = 13;
const noCode = -1;
const transient = [
  1, // canceled: by the server or a proxy, for the caller's own signal is looked at before
  unknown,
  4, // deadline exceeded: a proxy's limit for streams
  resourceExhausted,
  10, // aborted
  internal, // what a broken HTTP/2 stream is mapped to
  14, // unavailable
];

const tooLarge = /larger than|message size|message length|exceeds maximum size/i;

export function isNotFound(error: unknown): boolean {
  return codeOf(error) === notFound;
}

export function isFailedPrecondition(error: unknown): boolean {
  return codeOf(error) === failedPrecondition;
}

/** Whether the service says that there is such an execution: existing ones do so with UNKNOWN. */
export function isDuplicate(error: unknown): boolean {
  return (
    codeOf(error) === alreadyExists ||
    (codeOf(error) === unknown && /already exists/i.test(String(error)))
  );
}

/** Whether a message was larger than one of the two sides takes, which no other try will change. */
export function isTooLarge(error: unknown): boolean {
  // A rate limit that is exceeded has the same code; only the texts differ, also among gRPC's
  // implementations: "message larger than max", "message size ... is larger", "exceeds maximum size".
  return codeOf(error) === resourceExhausted && tooLarge.test(String(error));
}

/** Whether a message has come whole and cannot be decoded, as one that is nested too deeply. */
export function isUnreadable(error: unknown): boolean {
  // Only the texts tell it from a broken stream: those of Connect, grpc-js, and a proxy in Go.
  const text = /\bparse binary: |message parsing error|failed to unmarshal/i;
  return codeOf(error) === internal && text.test(String(error));
}

/** Whether the call may have had its effect in spite of the error. */
export function mayHaveTakenEffect(error: unknown): boolean {
  return (
    isDuplicate(error) || isTransient(error) || isUnreadable(error) || codeOf(error) === noCode
  );
}

/** Whether the same call may succeed later. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  if (isTooLarge(error) || isUnreadable(error)) return false;
  // Connect gives a stream that a proxy has cut off the code of a bad request; only its text differs.
  const isCutOff = code === invalidArgument && /^(\[\w+\] )?protocol error: /.test(textOf(error));
  return isCutOff || transient.includes(code);
}

/** Whether the error is the answer of a call. */
export function hasStatusCode(error: unknown): boolean {
  return codeOf(error) !== noCode;
}

function codeOf(error: unknown): number {
  return error instanceof Error && "code" in error && typeof error.code === "number"
    ? error.code
    : noCode;
}
