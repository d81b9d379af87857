/**
 * The annotations of an execution that carry the trace context of whoever has asked for it: the headers
 * of the same names in W3C Trace Context.
 */
export const traceAnnotations = {
  traceparent: "stigmer.ai/traceparent",
  tracestate: "stigmer.ai/tracestate",
} as const;
