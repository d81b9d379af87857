import { create } from "@bufbuild/protobuf";
import { uuid4 } from "@temporalio/workflow";
import { ApiResourceMetadataSchema } from "../../apiresource.js";
import { cloneExecution } from "../../clone-execution.js";
import type { Execution } from "../../execution.js";

/** A copy of the request with an id, which is the same in every replay of this run. */
export function identified<E extends Execution>(execution: E): E {
  const request = cloneExecution(execution);
  request.metadata ??= create(ApiResourceMetadataSchema);
  const prefix = request.$typeName.endsWith("WorkflowExecution") ? "wex" : "aex";
  request.metadata.id ||= `${prefix}-${uuid4()}`;
  return request;
}
