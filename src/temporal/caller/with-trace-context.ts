import { create } from "@bufbuild/protobuf";
import { ApiResourceMetadataSchema } from "../../apiresource.js";
import { copyOf } from "../../execution/copy-of.js";
import type { Execution } from "../../execution/execution.js";
import { traceAnnotations } from "../../execution/trace-annotations.js";

/**
 * A copy of the request with the trace context that `inject` writes. One that the request has already
 * stays, whole: a `tracestate` belongs to its `traceparent`.
 */
export function withTraceContext<E extends Execution>(
  execution: E,
  inject: (carrier: Record<string, string>) => void,
): E {
  const request = copyOf(execution);
  request.metadata ??= create(ApiResourceMetadataSchema);
  const { annotations } = request.metadata;
  if (annotations[traceAnnotations.traceparent]) return request;
  const carrier: Record<string, string> = {};
  inject(carrier);
  for (const [header, annotation] of Object.entries(traceAnnotations)) {
    const value = carrier[header];
    if (value) annotations[annotation] = value;
  }
  return request;
}
