import { describeType } from "../describe-type.js";
import type { Execution, ExecutionSpec } from "../execution/execution.js";
import { identify } from "../execution/kinds.js";
import { CallbackTokenError } from "./callback-token-error.js";

/**
 * The spec of an execution, or the spec itself; undefined when the execution has none.
 *
 * Throws a `CallbackTokenError` with code `wrong-message` for anything else.
 */
export function specOf(target: Execution | ExecutionSpec): ExecutionSpec | undefined {
  const part = identify(target?.$typeName)?.part;
  if (part === "spec") return target as ExecutionSpec;
  if (part === "execution") {
    const { spec } = target as Execution;
    return spec === undefined ? undefined : specOf(spec);
  }
  throw new CallbackTokenError(
    "wrong-message",
    `expected a WorkflowExecution, an AgentExecution or the spec of one, got ${describeType(target)}`,
  );
}
