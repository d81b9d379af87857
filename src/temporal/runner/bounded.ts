import type { Execution } from "../../execution/execution.js";
import type { ExecutionReader } from "../../handshake/index.js";

// Less than the time that an activity of `withCallback` has, so that there is some left for the report.
const readTimeoutMs = 3_000;

/** The same reader, whose calls are given up after 3 s. */
export function bounded(reader: ExecutionReader<Execution>): ExecutionReader<Execution> {
  return {
    get: (request, options) =>
      reader.get(request, { ...options, signal: AbortSignal.timeout(readTimeoutMs) }),
  };
}
