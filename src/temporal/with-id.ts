import { create } from "@bufbuild/protobuf";
import { type ApiResourceMetadata, ApiResourceMetadataSchema } from "../apiresource.js";
import { cloneExecution } from "../clone-execution.js";
import type { Execution } from "../execution.js";

/** A copy of a request with metadata and an id: its own, or the prefix of its kind with this after it. */
export function withId<E extends Execution>(
  execution: E,
  makeId: () => string,
): E & { metadata: ApiResourceMetadata } {
  const request = cloneExecution(execution);
  const metadata = request.metadata ?? create(ApiResourceMetadataSchema);
  const prefix = request.$typeName.endsWith("WorkflowExecution") ? "wex" : "aex";
  metadata.id ||= `${prefix}-${makeId()}`;
  return Object.assign(request, { metadata });
}
