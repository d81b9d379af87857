import type { Execution } from "../../execution/execution.js";
import type { ExecutionQueries } from "../../handshake/index.js";

// Less than the time that an activity of `withCallback` has, so that there is some left for the report.
const readTimeoutMs = 3_000;

/** The same client, but its calls are given up after 3 s. */
export function bounded(queries: ExecutionQueries<Execution>): ExecutionQueries<Execution> {
  return {
    get: (request, options) =>
      queries.get(request, { ...options, signal: AbortSignal.timeout(readTimeoutMs) }),
  };
}
