import { describeType } from "../describe-type.js";
import type { Execution } from "../execution/execution.js";
import { identify } from "../execution/kinds.js";
import { withShortPath } from "./summarize-violations.js";
import { validateMessage } from "./validate-message.js";
import { ValidationError } from "./validation-error.js";
import type { Violation } from "./violation.js";

/** Input of megabytes may have a violation for each of its entries. */
const mostListed = 100;

/**
 * The invariants of the contract that the execution breaks, the first 100 of them; empty when it is
 * valid. An execution that is not created yet needs no id and no status.
 *
 * The objects and lists of a Struct may be nested at most 30 deep, itself included: decoders refuse
 * deeper messages, so nobody could read the execution.
 *
 * Throws a `ValidationError` with code `wrong-message` for anything but an execution.
 */
export function validateExecution(execution: Execution): Violation[] {
  return listed(allViolations(execution));
}

/** All invariants that an execution breaks, however many. Throws as `validateExecution` does. */
export function allViolations(execution: Execution): Violation[] {
  if (identify(execution?.$typeName)?.part !== "execution") {
    throw new ValidationError(
      "wrong-message",
      `expected a WorkflowExecution or an AgentExecution, got ${describeType(execution)}`,
    );
  }
  return validateMessage(execution);
}

/** The violations that are told one by one. */
export function listed(violations: readonly Violation[]): Violation[] {
  return violations.slice(0, mostListed).map(withShortPath);
}
