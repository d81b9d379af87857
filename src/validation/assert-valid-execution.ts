import type { Execution } from "../execution.js";
import { formatViolations } from "./format-violations.js";
import { validateExecution } from "./validate-execution.js";
import { ValidationError } from "./validation-error.js";

/**
 * Throws one `ValidationError` with code `invalid` that lists all invariants of the contract that
 * the execution breaks, or with code `wrong-message` for anything but an execution.
 */
export function assertValidExecution(execution: Execution): void {
  const violations = validateExecution(execution);
  if (violations.length > 0) {
    throw new ValidationError(
      "invalid",
      formatViolations(execution.$typeName, violations),
      violations,
    );
  }
}
