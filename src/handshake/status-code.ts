// The status codes that Connect and gRPC share (gRPC, "Status codes and their use in gRPC"). Read
// from `code`, where ConnectError and grpc-js put them, so that no transport is imported here.
const invalidArgument = 3;
const notFound = 5;
const alreadyExists = 6;
const failedPrecondition = 9;
const transient = [
  1, // canceled: by the server or a proxy, for the caller's own signal is looked at before
  2, // unknown
  4, // deadline exceeded: a proxy's limit for streams
  8, // resource exhausted
  10, // aborted
  13, // internal: what a broken HTTP/2 stream is mapped to
  14, // unavailable
];

export function isNotFound(error: unknown): boolean {
  return codeOf(error) === notFound;
}

export function isAlreadyExists(error: unknown): boolean {
  return codeOf(error) === alreadyExists;
}

export function isFailedPrecondition(error: unknown): boolean {
  return codeOf(error) === failedPrecondition;
}

/** Whether the same call may succeed later. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  // Connect gives a stream that a proxy has cut off the code of a bad request; only its text differs.
  const isCutOff = code === invalidArgument && String(error).includes("protocol error");
  return isCutOff || transient.includes(code);
}

function codeOf(error: unknown): number {
  return error instanceof Error && "code" in error && typeof error.code === "number"
    ? error.code
    : -1;
}
