import { ConnectError } from "@connectrpc/connect";

// RFC 9110, 7.6.1 and 8; RFC 9113, 8.2.2; gRPC over HTTP/2, "Responses".
const ofOneResponse = [
  "connect-content-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "grpc-encoding",
  "grpc-message",
  "grpc-status",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * The error of an upstream without the headers that describe the upstream's own response. In another
 * response they announce a length that it has not, or end the process of an HTTP/2 server.
 */
export function forwardedError(error: unknown): unknown {
  if (error instanceof ConnectError) {
    for (const name of ofOneResponse) error.metadata.delete(name);
  }
  return error;
}
