import { describeType } from "../describe-type.js";
import type { Execution } from "../execution/execution.js";
import { identify } from "../execution/kinds.js";
import { validateMessage } from "./validate-message.js";
import { ValidationError } from "./validation-error.js";
import type { Violation } from "./violation.js";

/**
 * All invariants of the contract that the execution breaks; empty when it is valid. An execution
 * that is not created yet needs no id and no status.
 *
 * The objects and lists of a Struct may be nested at most 30 deep, itself included: decoders refuse
 * deeper messages, so nobody could read the execution.
 *
 * Throws a `ValidationError` with code `wrong-message` for anything but an execution.
 */
export function validateExecution(execution: Execution): Violation[] {
  if (identify(execution?.$typeName)?.part !== "execution") {
    throw new ValidationError(
      "wrong-message",
      `expected a WorkflowExecution or an AgentExecution, got ${describeType(execution)}`,
    );
  }
  return validateMessage(execution);
}
