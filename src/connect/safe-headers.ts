// Which headers a caller who may not read is shown. What a handler, or an upstream whose error it lets
// through, puts into the others is anything: gRPC's error details are among an error's metadata.

/** Names whose specification leaves no room for a service's data. */
const everywhere = [
  "accept-encoding",
  "connect-accept-encoding",
  "grpc-accept-encoding",
  "grpc-retry-pushback-ms",
  "retry-after",
  "traceparent",
  "www-authenticate",
  "x-request-id",
];

/** What Connect and a server set of their own for a response. An error's are another response's. */
const ofResponse = [
  "access-control-allow-credentials",
  "access-control-allow-origin",
  "access-control-expose-headers",
  "cache-control",
  "connect-content-encoding",
  "content-encoding",
  "content-type",
  "grpc-encoding",
  "grpc-status",
  "vary",
];

/** Takes out of a response's headers, or trailers, and out of an error's metadata, all other names. */
export interface SafeHeaders {
  response(headers: Headers): void;
  metadata(headers: Headers): void;
}

export function safeHeaders(publicHeaders: readonly string[]): SafeHeaders {
  const metadata = new Set([...everywhere, ...publicHeaders.map((name) => name.toLowerCase())]);
  const response = new Set([...metadata, ...ofResponse]);
  return {
    response: (headers) => keep(headers, response),
    metadata: (headers) => keep(headers, metadata),
  };
}

function keep(headers: Headers, names: ReadonlySet<string>): void {
  // A list of its own, for Headers are not to be changed while they are gone through.
  for (const name of [...headers.keys()]) if (!names.has(name)) headers.delete(name);
}
