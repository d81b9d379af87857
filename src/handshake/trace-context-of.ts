import type { Execution } from "../execution/execution.js";
import { traceAnnotations } from "../execution/trace-annotations.js";

/**
 * The trace context of whoever has asked for the execution, as W3C Trace Context names its headers:
 * `traceparent`, and `tracestate` if there is one. Empty when the execution was not traced. For whoever
 * starts the run, so that it stands in the same trace, or is linked to it, however much later it starts:
 *
 *     propagation.extract(ROOT_CONTEXT, traceContextOf(execution))
 *
 * The values are as they were found. A reader must expect any text in them, as in a header.
 */
export function traceContextOf({ metadata }: Execution): Record<string, string> {
  const carrier: Record<string, string> = {};
  for (const [header, annotation] of Object.entries(traceAnnotations)) {
    const value = metadata?.annotations[annotation];
    if (value) carrier[header] = value;
  }
  return carrier;
}
