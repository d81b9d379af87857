import { clone } from "@bufbuild/protobuf";
import type { Execution, ExecutionSpec, ExecutionStatus } from "./execution.js";
import { schemaOf } from "./schemas.js";

/** A deep copy of an execution of either kind, of its spec or of its status. */
export function copyOf<M extends Execution | ExecutionSpec | ExecutionStatus>(message: M): M {
  return clone(schemaOf(message), message) as M;
}
